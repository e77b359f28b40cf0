import EventLoop
import HTTPCore
import HTTPServer
import JSON

/// Answers the vendor's routes.
struct SandboxHandler: HTTPHandler {
    let configuration: SandboxConfiguration
    let unixSeconds: @Sendable () -> Int64

    /// What the vendor's list says of when a model was made.
    static let modelsCreated = 1_776_902_400

    func handle(_ request: HTTPRequest, _ responder: consuming HTTPResponder) async {
        let route = SandboxRoute(path: request.path)
        let errors = route?.errors ?? .openAI
        let conditions: Conditions
        do throws(VendorError) {
            conditions = try Conditions(configuration, headers: request.headers)
        } catch {
            return responder.send(Self.response(error, errors))
        }
        let sending = AnswerSending(conditions: conditions, loop: request.loop, errors: errors)
        if conditions.latencyMilliseconds > 0 {
            await request.loop.sleep(milliseconds: UInt64(conditions.latencyMilliseconds))
        }
        if conditions.faults.hangs { await sending.untilClientLeaves() }
        if conditions.faults.sendsGarbage {
            return await sending.send(headers: Self.html, body: Self.garbage, responder)
        }
        if let status = conditions.faults.status, status != 200 {
            return await sending.fail(.simulated(status: status), responder)
        }
        await answer(request, route, sending, responder)
    }

    private func answer(
        _ request: HTTPRequest, _ route: SandboxRoute?, _ sending: AnswerSending, _ responder: consuming HTTPResponder
    ) async {
        do throws(VendorError) {
            guard let route else { throw .unknownPath(request.method, request.path) }
            guard route.method == request.method else { throw .wrongMethod(request.method, request.path) }
            switch route {
            case .chat: await sending.send(try chat(request.body, sending), responder)
            case .embeddings: await sending.send(body: try embeddings(request.body, sending), responder)
            case .models: await sending.send(body: modelList(), responder)
            case .model(let name): await sending.send(body: try model(name), responder)
            case .messages: await sending.send(try messages(request.body, sending), responder)
            case .responses: await sending.send(try responses(request.body, sending), responder)
            case .gemini(let call):
                await sending.send(try gemini(request.body, call, query: request.query, sending), responder)
            }
        } catch {
            await sending.fail(error, responder)
        }
    }

    // MARK: Wires

    /// An answer and how it is wanted.
    typealias Reply<Wire: AnswerWire> = (wire: Wire, isStreamed: Bool)

    private func chat(_ body: [UInt8], _ sending: AnswerSending) throws(VendorError) -> Reply<ChatWire> {
        let chat = try ChatRequestReading(models: configuration.models).read(body)
        let wire = ChatWire(
            answer: SimulatedAnswer(to: chat), created: unixSeconds(), includesUsage: chat.includesUsage,
            omitsUsage: sending.conditions.faults.omitsUsage)
        return (wire, chat.isStreamed)
    }

    private func messages(_ body: [UInt8], _ sending: AnswerSending) throws(VendorError) -> Reply<MessagesWire> {
        let chat = try MessagesReading(models: configuration.models).read(body)
        let wire = MessagesWire(answer: SimulatedAnswer(to: chat), omitsUsage: sending.conditions.faults.omitsUsage)
        return (wire, chat.isStreamed)
    }

    private func responses(_ body: [UInt8], _ sending: AnswerSending) throws(VendorError) -> Reply<ResponsesWire> {
        let request = try ResponsesReading(models: configuration.models).read(body)
        let wire = ResponsesWire(
            request, created: unixSeconds(), omitsUsage: sending.conditions.faults.omitsUsage)
        return (wire, request.chat.isStreamed)
    }

    private func gemini(
        _ body: [UInt8], _ call: SandboxRoute.GeminiCall, query: String, _ sending: AnswerSending
    ) throws(VendorError) -> Reply<GeminiWire> {
        let request = try GeminiReading(models: configuration.models).read(body, call)
        let isEvents = query.split(separator: "&").contains("alt=sse")
        let wire = GeminiWire(
            request, framing: isEvents ? .events : .array, omitsUsage: sending.conditions.faults.omitsUsage)
        return (wire, call.isStreamed)
    }

    private func embeddings(_ body: [UInt8], _ sending: AnswerSending) throws(VendorError) -> [UInt8] {
        let request = try EmbeddingReading(models: configuration.models).read(body)
        return EmbeddingWire(request: request, omitsUsage: sending.conditions.faults.omitsUsage).body()
    }

    // MARK: Models

    private func modelList() -> [UInt8] {
        let list: JSONValue = ["object": "list", "data": .array(configuration.models.map(Self.entry))]
        return list.serialized()
    }

    private func model(_ name: String) throws(VendorError) -> [UInt8] {
        guard let model = configuration.models.first(where: { $0.name == name }) else { throw .unknownModel(name) }
        return Self.entry(model).serialized()
    }

    private static func entry(_ model: SandboxModel) -> JSONValue {
        ["id": .string(model.name), "object": "model", "created": .int(modelsCreated), "owned_by": "openai"]
    }

    // MARK: Refusals

    func refuse(_ refusal: ServerRefusal) -> HTTPResponse {
        let error =
            switch refusal {
            case .headerTooLarge(let limit):
                VendorError(
                    status: 431, message: "The header fields are too large: at most \(limit) bytes are allowed.")
            case .ambiguousLength:
                VendorError(status: 400, message: "The length of the request body is ambiguous.")
            case .bodyTooLarge(let limit):
                VendorError(status: 413, message: "The request is too large: at most \(limit) bytes are allowed.")
            case .headTimeout, .bodyTimeout: VendorError.simulated(status: 408)
            case .overloaded, .closing: VendorError.simulated(status: 503)
            case .unanswered: VendorError.simulated(status: 500)
            }
        return Self.response(error)
    }

    static func response(_ error: VendorError, _ errors: ErrorDialect = .openAI) -> HTTPResponse {
        HTTPResponse(status: error.status, headers: AnswerSending.json, body: errors.body(error))
    }

    private static let html: HeaderFields = ["Content-Type": "text/html; charset=utf-8", "X-Sandbox": "true"]
    private static let garbage = Array(
        "<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>\n".utf8)
}

extension AnswerSending {
    func fail(_ error: VendorError, _ responder: consuming HTTPResponder) async {
        var headers = Self.json
        if error.status == conditions.faults.status, let seconds = conditions.faults.retryAfterSeconds {
            headers.append("Retry-After", "\(seconds)")
        }
        await send(status: error.status, headers: headers, body: errors.body(error), responder)
    }

    func send<Wire>(_ reply: SandboxHandler.Reply<Wire>, _ responder: consuming HTTPResponder) async {
        if reply.isStreamed {
            await stream(reply.wire, responder)
        } else {
            await send(body: reply.wire.whole(), responder)
        }
    }
}
