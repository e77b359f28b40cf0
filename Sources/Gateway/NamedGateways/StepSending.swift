import Domain
import HTTPCore
import Pipeline
import Providers

/// Hands a step to the pipeline, and makes one kind of reply of what comes back.
extension GatewayEngine {
    func send(
        _ step: GatewayStep, _ target: StepTarget, _ call: GatewayRequest, _ gateway: LiveGateway, _ orders: CallOrders,
        on lane: Lane
    ) async throws(GatewayError) -> StepReply {
        var orders = orders
        switch target.way {
        case .chat(let model, let provider):
            orders.model = model
            orders.provider = provider
            let inference = InferenceCall(
                requestID: call.requestID, principal: call.principal ?? guest(of: gateway, call.account),
                body: step.body, arrivedAt: call.arrivedAt, headers: call.headers, orders: orders)
            return Self.reply(try await pipeline.chat(inference, on: lane))
        case .plain(let plain):
            let principal = call.principal ?? guest(of: gateway, call.account)
            var asked = try plain.call(try key(for: plain, step, orders, principal))
            asked.headers = step.headers
            let inference = InferenceCall(
                requestID: call.requestID, principal: principal, body: plain.body, arrivedAt: call.arrivedAt,
                headers: call.headers, orders: orders)
            return Self.reply(try await pipeline.plain(asked, inference, on: lane))
        }
    }

    /// The request's own key goes on where it stands; any other is added.
    private func key(
        for plain: PlainTarget, _ step: GatewayStep, _ orders: CallOrders, _ principal: Principal
    ) throws(GatewayError) -> PlainKey {
        if let sent = step.vendorKey { return PlainKey(isOwn: true, added: nil, secret: sent) }
        if case .own(let kept) = orders.key { return PlainKey(isOwn: true, added: kept, secret: kept) }
        if let attached = pipeline.attachedKey(of: principal, for: plain.author) {
            return PlainKey(isOwn: true, added: attached, secret: attached)
        }
        if orders.forbidsWallet { throw GatewayError.ownKeyNeeded(plain.author) }
        // A provider of the account's own may ask for no key at all; what it costs is between the two of them.
        if plain.custom != nil { return PlainKey(isOwn: true, added: nil, secret: nil) }
        guard let ours = plain.ours else {
            throw GatewayError(
                .notOffered,
                "The gateway has no key for `\(plain.author)`. Send one of your own, or store one with this gateway.")
        }
        return PlainKey(isOwn: false, added: ours.key, secret: ours.key)
    }

    private static func reply(_ reply: PlainReply) -> StepReply {
        let type = reply.headers.first { $0.0.lowercased() == "content-type" }?.1 ?? "application/octet-stream"
        let body: StepReply.Body =
            switch reply.body {
            case .whole(let bytes): .whole(bytes, reply.route.bill)
            case .stream(let stream): .stream(PlainUpstream(stream))
            }
        return StepReply(
            status: reply.status, contentType: type, headers: reply.headers, body: body, route: reply.route)
    }

    private static func reply(_ reply: ChatReply) -> StepReply {
        switch reply {
        case .whole(let body, let route):
            StepReply(
                status: 200, contentType: "application/json", body: .whole(body, route.bill), route: route)
        case .stream(let stream, let route):
            StepReply(
                status: 200, contentType: "text/event-stream", body: .stream(ChatUpstream(stream)), route: route)
        }
    }

    /// Callers of a gateway that asks for no key are one caller to limits and records, and pay for nothing.
    private func guest(of gateway: LiveGateway, _ account: Account) -> Principal {
        let key = APIKey(
            id: KeyID("key_of_\(gateway.settings.id)"), accountID: account.id, name: gateway.settings.id.rawValue,
            prefix: "", hash: [], createdAt: gateway.settings.createdAt, role: .keyOnly)
        return Principal(key: key, account: account)
    }
}
