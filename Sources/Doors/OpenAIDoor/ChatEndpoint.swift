import Dialects
import Domain
import HTTPCore
import HTTPServer
import Pipeline
import Routing
import Telemetry

/// `POST /v1/chat/completions`.
struct ChatEndpoint: Endpoint {
    let pipeline: Pipeline
    let lanes: Lanes
    let log: Logger
    let keepAliveMilliseconds: UInt64

    func answer(_ request: HTTPRequest, requestID: RequestID, _ responder: consuming HTTPResponder) async {
        let reply: ChatReply
        do {
            let principal = try pipeline.authenticate(BearerKey.read(request.headers))
            let call = InferenceCall(
                requestID: requestID, principal: principal, body: request.body, arrivedAt: request.arrivedAt,
                headers: request.headers)
            reply = try await pipeline.chat(call, on: lanes.lane(of: request.loop))
        } catch {
            note(error, requestID)
            return responder.send(OpenAIError.response(error, requestID: requestID))
        }
        switch reply {
        case .whole(let body, let route):
            responder.send(HTTPResponse(status: 200, headers: headers(requestID, route), body: body))
        case .stream(let stream, let route):
            let writer = responder.stream(status: 200, headers: streamHeaders(requestID, route))
            let outlet = StreamOutlet(writer, on: request.loop, keepAliveMilliseconds: keepAliveMilliseconds)
            await pump(stream, requestID, outlet)
        }
    }

    /// Sends each step of the stream as it comes. The end mark leaves after the record is committed.
    private func pump(_ stream: ChatStream, _ requestID: RequestID, _ outlet: StreamOutlet) async {
        do {
            while true {
                switch await stream.next() {
                case .bytes(let bytes):
                    try await outlet.write(bytes)
                case .end:
                    try await outlet.write(ServerSentEventWriter.done)
                    return await outlet.finish()
                case .failed(let error):
                    note(error, requestID)
                    let event = OpenAIError.envelope(error, requestID: requestID)
                    try await outlet.write(ServerSentEventWriter.event(data: event))
                    return await outlet.finish()
                }
            }
        } catch {
            await stream.clientLeft()
            await outlet.abort()
        }
    }

    /// What went wrong on our side or a vendor's is worth an operator's eye; what callers do wrong is theirs.
    private func note(_ error: GatewayError, _ requestID: RequestID) {
        let level: LogLevel = error.reason.status >= 500 ? .warning : .debug
        guard log.isEnabled(level) else { return }
        log.with(requestID: requestID.rawValue).log(
            level, "call failed",
            ["reason": .string(error.reason.rawValue), "status": .int(error.reason.status)])
    }

    private func headers(_ requestID: RequestID, _ route: RouteTaken) -> HeaderFields {
        var headers = OpenAIHeaders.base(requestID)
        add(route, to: &headers)
        return headers
    }

    private func streamHeaders(_ requestID: RequestID, _ route: RouteTaken) -> HeaderFields {
        var headers = OpenAIHeaders.base(requestID, contentType: "text/event-stream; charset=utf-8")
        headers.append("Cache-Control", "no-cache")
        // Tells reverse proxies in front of us not to hold events back.
        headers.append("X-Accel-Buffering", "no")
        add(route, to: &headers)
        return headers
    }

    private func add(_ route: RouteTaken, to headers: inout HeaderFields) {
        headers.append("x-aig-provider", route.provider.rawValue)
        headers.append("x-aig-attempts", String(route.attempts))
        if let warning = route.warning { headers.append("x-aig-warning", warning) }
    }
}

/// The key of `Authorization: Bearer …`.
enum BearerKey {
    static func read(_ headers: HeaderFields) -> String? {
        guard let value = headers.first("authorization") else { return nil }
        let scheme = "bearer "
        guard value.utf8.count > scheme.utf8.count,
            zip(value.utf8, scheme.utf8).allSatisfy({ $0 | 0x20 == $1 | 0x20 })
        else { return nil }
        let key = value.utf8.dropFirst(scheme.utf8.count).drop { $0 == UInt8(ascii: " ") }
        return key.isEmpty ? nil : String(Substring(key))
    }
}
