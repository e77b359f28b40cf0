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
    private static let modelsPath = "/v1/models"
    private static let completionsPath = "/v1/chat/completions"

    func handle(_ request: HTTPRequest, _ responder: consuming HTTPResponder) async {
        let conditions: Conditions
        do throws(VendorError) {
            conditions = try Conditions(configuration, headers: request.headers)
        } catch {
            return responder.send(Self.response(error))
        }
        let sending = AnswerSending(conditions: conditions, loop: request.loop)
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
        await answer(request, sending, responder)
    }

    private func answer(_ request: HTTPRequest, _ sending: AnswerSending, _ responder: consuming HTTPResponder) async {
        do throws(VendorError) {
            switch (request.method, request.path) {
            case ("POST", Self.completionsPath):
                let chat = try ChatRequestReading(models: configuration.models).read(request.body)
                let wire = ChatWire(
                    answer: SimulatedAnswer(to: chat), created: unixSeconds(), includesUsage: chat.includesUsage,
                    omitsUsage: sending.conditions.faults.omitsUsage)
                if chat.isStreamed {
                    await sending.stream(wire, responder)
                } else {
                    await sending.send(body: wire.completion(), responder)
                }
            case ("GET", Self.modelsPath): await sending.send(body: modelList(), responder)
            case ("GET", let path) where path.hasPrefix(Self.modelsPath + "/"):
                await sending.send(body: try model(path), responder)
            case (_, Self.completionsPath), (_, Self.modelsPath):
                throw .wrongMethod(request.method, request.path)
            default: throw .unknownPath(request.method, request.path)
            }
        } catch {
            await sending.fail(error, responder)
        }
    }

    // MARK: Models

    private func modelList() -> [UInt8] {
        let list: JSONValue = ["object": "list", "data": .array(configuration.models.map(Self.entry))]
        return list.serialized()
    }

    private func model(_ path: String) throws(VendorError) -> [UInt8] {
        let name = path.dropFirst(Self.modelsPath.count + 1)
        guard let model = configuration.models.first(where: { $0.name == name }) else {
            throw .unknownModel(String(name))
        }
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

    static func response(_ error: VendorError) -> HTTPResponse {
        HTTPResponse(status: error.status, headers: AnswerSending.json, body: error.body)
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
        await send(status: error.status, headers: headers, body: error.body, responder)
    }
}
