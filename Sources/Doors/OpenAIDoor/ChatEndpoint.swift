import Dialects
import Domain
import HTTPCore
import HTTPServer
import Metering
import Pipeline
import Routing
import Telemetry

/// `POST /v1/chat/completions`.
struct ChatEndpoint: Endpoint {
    let pipeline: Pipeline
    let authenticator: Authenticator
    let lanes: Lanes
    let log: Logger
    let keepAliveMilliseconds: UInt64

    func answer(_ request: HTTPRequest, requestID: RequestID, _ responder: consuming HTTPResponder) async {
        let reply: ChatReply
        do {
            let call = try authenticator.call(request, requestID)
            reply = try await pipeline.chat(call, on: lanes.lane(of: request.loop))
        } catch {
            note(error, requestID)
            return responder.send(OpenAIError.response(error, requestID: requestID))
        }
        switch reply {
        case .whole(let body, let route):
            var headers = headers(requestID, route)
            if let cost = route.bill?.cost { headers.append("X-Cost-Cents", cost.centsText) }
            if let cached = route.bill?.cachedTokens, cached > 0 {
                headers.append("X-Cached-Input-Units", String(cached))
            }
            responder.send(HTTPResponse(status: 200, headers: headers, body: body))
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
        route.rates.requests.map { add($0, "requests", to: &headers) }
        route.rates.tokens.map { add($0, "tokens", to: &headers) }
    }

    private func add(_ rate: RateStanding.Rate, _ what: String, to headers: inout HeaderFields) {
        headers.append("x-ratelimit-limit-\(what)", String(rate.limit))
        headers.append("x-ratelimit-remaining-\(what)", String(rate.remaining))
        headers.append("x-ratelimit-reset-\(what)", String(rate.secondsToReset))
    }
}
