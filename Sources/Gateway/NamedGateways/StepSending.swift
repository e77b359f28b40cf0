import Domain
import HTTPCore
import Pipeline

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
        }
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
