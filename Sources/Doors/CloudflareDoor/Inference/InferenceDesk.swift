import Dialects
import Domain
import HTTPCore
import HTTPServer
import JSON
import NamedGateways
import Pipeline
import Routing
import Telemetry

/// Runs calls through their gateways, and sends what becomes of them.
struct InferenceDesk: Sendable {
    let engine: any GatewayRunning
    let lanes: Lanes
    let keepAliveMilliseconds: UInt64
    let log: Logger

    /// - Parameter read: Understands the call. What it throws is the caller's mistake, and said so.
    func answer(
        _ call: CloudflareCall, _ form: ErrorForm, _ responder: consuming HTTPResponder,
        _ read: (Lane) throws(GatewayError) -> Inference
    ) async {
        let lane = lanes.lane(of: call.request.loop)
        let inference: Inference
        do throws(GatewayError) {
            inference = try read(lane)
        } catch {
            return responder.send(refusal(error, call, form))
        }
        if let fault = inference.fault { return responder.send(refusal(fault, call, form, inference)) }
        switch await engine.run(inference.request, on: lane) {
        case .refused(let error, let facts):
            responder.send(refusal(error, call, form, inference, facts))
        case .answered(let answer, let facts):
            switch answer.body {
            case .whole(let bytes):
                responder.send(whole(answer, bytes, facts, inference, call, form, lane.scanner))
            case .stream(let stream):
                await send(inference.shape.stream(stream, facts, lane.scanner), answer, facts, call, responder)
            }
        }
    }

    // MARK: Answers

    private func whole(
        _ answer: GatewayAnswer, _ bytes: [UInt8], _ facts: GatewayFacts, _ inference: Inference,
        _ call: CloudflareCall, _ form: ErrorForm, _ scanner: JSONScanner
    ) -> HTTPResponse {
        let body: [UInt8]
        do throws(GatewayError) {
            body = try inference.shape.whole(answer, bytes, facts, scanner)
        } catch {
            return refusal(error, call, form, inference, facts)
        }
        var fields = AnswerHeaders.fields(of: facts, for: call, vendor: answer.headers)
        if let cost = facts.cost { fields.append(("X-Cost-Cents", cost.centsText)) }
        // One that clients of the binding compare letter by letter.
        let isPlain = call.surface == .binding && ContentType.isJSON(answer.contentType)
        return HTTPResponse(
            status: answer.status,
            headers: AnswerHeaders.head(isPlain ? "application/json" : answer.contentType, call, fields),
            body: body)
    }

    private func send(
        _ stream: any GatewayStream, _ answer: GatewayAnswer, _ facts: GatewayFacts, _ call: CloudflareCall,
        _ responder: consuming HTTPResponder
    ) async {
        let hasEvents = ContentType.isEventStream(answer.contentType)
        var headers = AnswerHeaders.head(
            answer.contentType, call, AnswerHeaders.fields(of: facts, for: call, vendor: answer.headers))
        headers.append("Cache-Control", "no-cache")
        // Tells reverse proxies in front of us not to hold events back.
        headers.append("X-Accel-Buffering", "no")
        let outlet = StreamOutlet(
            responder.stream(status: answer.status, headers: headers), on: call.request.loop,
            keepAliveMilliseconds: hasEvents ? keepAliveMilliseconds : nil)
        do {
            while true {
                switch await stream.next() {
                case .bytes(let bytes): try await outlet.write(bytes)
                case .end: return await outlet.finish()
                case .failed(let error):
                    note(error, call)
                    // Bytes that are no events cannot say what happened; they break off.
                    guard hasEvents else { return await outlet.abort() }
                    if !outlet.isBetweenEvents { try await outlet.write(Array("\n\n".utf8)) }
                    try await outlet.write(Self.event(error))
                    return await outlet.finish()
                }
            }
        } catch {
            await stream.clientLeft()
            await outlet.abort()
        }
    }

    /// How a stream tells that it broke. No end mark comes behind it.
    private static func event(_ error: GatewayError) -> [UInt8] {
        let value: JSONValue = [
            "error": ["code": .int(CloudflareError.code(of: error.reason)), "message": .string(error.message)]
        ]
        return ServerSentEventWriter.event(data: value.serialized())
    }

    // MARK: Refusals

    func refusal(
        _ error: GatewayError, _ call: CloudflareCall, _ form: ErrorForm, _ inference: Inference? = nil,
        _ facts: GatewayFacts = GatewayFacts()
    ) -> HTTPResponse {
        note(error, call)
        let error = inference?.rejectsIfBusy == true ? Self.asRejection(error) : error
        let fields = AnswerHeaders.fields(of: facts, for: call)
        if let kind = inference?.request.kind, kind != .run, let vendor = error.vendorAnswer {
            return HTTPResponse(
                status: vendor.status, headers: AnswerHeaders.head(vendor.contentType, call, fields),
                body: vendor.body)
        }
        if case .preview(_, let model) = inference?.shape, Self.isVendors(error.reason) {
            return Self.failedPreview(error, model, call, fields)
        }
        var response = CloudflareError.response(
            error, on: form.surface, requestID: call.requestID, about: inference?.subject ?? .order, headers: fields)
        if form.speaksOpenAI { response.body = Self.merged(response.body, error, call.requestID) }
        return response
    }

    /// Both at once: what clients of the envelope read, and the `error` that OpenAI's do.
    private static func merged(_ envelope: [UInt8], _ error: GatewayError, _ requestID: RequestID) -> [UInt8] {
        envelope.dropLast() + [UInt8(ascii: ",")] + OpenAIError.envelope(error, requestID: requestID).dropFirst()
    }

    private static func asRejection(_ error: GatewayError) -> GatewayError {
        switch error.reason {
        case .upstreamSaturated, .overloaded, .noCapacity:
            GatewayError(
                .noCapacity, "Capacity temporarily exceeded, please try again.",
                retryAfterSeconds: error.retryAfterSeconds ?? 1)
        default: error
        }
    }

    private static func isVendors(_ reason: ErrorReason) -> Bool {
        switch reason {
        case .providerError, .upstreamSaturated, .upstreamTimeout, .providerNotConfigured: true
        default: false
        }
    }

    private static func failedPreview(
        _ error: GatewayError, _ model: String, _ call: CloudflareCall, _ fields: [(String, String)]
    ) -> HTTPResponse {
        let body: JSONValue = [
            "state": "Failed", "error": ["code": "provider_unavailable", "message": .string(error.message)],
            "model": .string(model),
        ]
        var headers = AnswerHeaders.head("application/json", call, fields)
        if let seconds = error.retryAfterSeconds { headers.append("Retry-After", String(seconds)) }
        return HTTPResponse(
            status: CloudflareError.status(of: error.reason, on: .host), headers: headers, body: body.serialized())
    }

    /// What went wrong on our side or a vendor's is worth an operator's eye; what callers do wrong is theirs.
    func note(_ error: GatewayError, _ call: CloudflareCall) {
        let level: LogLevel = error.reason.status >= 500 ? .warning : .debug
        guard log.isEnabled(level) else { return }
        log.with(requestID: call.requestID.rawValue).log(
            level, "call failed",
            ["reason": .string(error.reason.rawValue), "status": .int(error.reason.status)])
    }
}
