import Dialects
public import Domain
import HTTPClient
import HTTPCore
import Metering
import Providers

extension Pipeline {
    /// The way of a call in a vendor's own wire: the same limits, money and records, and nothing changed.
    public func plain(
        _ plain: PlainCall, _ call: consuming InferenceCall, on lane: Lane
    ) async throws(GatewayError) -> PlainReply {
        let ask = try reservation(for: plain, call)
        guard recorder.canRecord else { throw CallMeter.notRecorded }
        var meter = CallMeter(
            call, plain, tag: ask.tag, reservation: try treasury.reserve(ask), recorder: recorder)
        let order = VendorOrder(
            template: plain.template, body: call.body,
            headers: plain.headers + (plain.isSandbox ? call.headers.fields(prefixed: "x-sandbox-") : []),
            expects: .anything, isOnOwnKey: plain.isOnOwnKey, plan: call.orders.retries)
        call.body = []
        let (reply, attempts): (VendorReply, Int)
        do {
            (reply, attempts) = try await self.ask(order, &meter, on: lane)
        } catch {
            throw await failed(meter, error)
        }
        let route = RouteTaken(
            model: plain.model?.id ?? ModelID(plain.modelName), provider: plain.provider, isSandbox: plain.isSandbox,
            isOnOwnKey: plain.isOnOwnKey, attempts: attempts, warning: nil, rates: meter.rates)
        switch reply {
        case .whole(let response, let body): return try await whole(body, response, plain, meter, lane, route)
        case .stream(let response, let first):
            meter.streams()
            let stream = PlainStream(
                response, first: first, reader: plain.reader, promptEstimate: plain.promptEstimate, meter: meter,
                scanner: lane.scanner)
            return PlainReply(
                status: response.status, headers: response.headers.pairs.map { ($0.name, $0.value) },
                body: .stream(stream), route: route)
        }
    }

    private func whole(
        _ body: [UInt8], _ response: IncomingResponse, _ plain: PlainCall, _ meter: consuming CallMeter,
        _ lane: Lane, _ route: consuming RouteTaken
    ) async throws(GatewayError) -> PlainReply {
        var reader = plain.reader
        reader?.read(whole: body, scanner: lane.scanner)
        let bill = meter.used(reader, promptEstimate: plain.promptEstimate)
        try await meter.settle(.complete, status: response.status)
        route.bill = bill
        return PlainReply(
            status: response.status, headers: response.headers.pairs.map { ($0.name, $0.value) }, body: .whole(body),
            route: route)
    }

    private func reservation(
        for plain: PlainCall, _ call: borrowing InferenceCall
    ) throws(GatewayError) -> ReservationRequest {
        try mayCall(plain, call.principal)
        guard plain.isOnOwnKey || plain.isSandbox || plain.model?.pricing != nil else {
            throw GatewayError(
                .notOffered,
                "`\(plain.modelName)` is not offered here without a vendor key of one's own: no price is known for it.",
                param: "model")
        }
        let model = plain.model
        let most = model?.maximumOutput ?? model?.contextWindow ?? Self.assumedTokens
        return ReservationRequest(
            principal: call.principal, tag: try tag(of: call),
            promptTokens: min(plain.promptBound, model?.contextWindow ?? .max),
            outputTokens: min(plain.outputBound ?? limits.assumedOutputTokens ?? most, most),
            prices: model?.pricing.map(TokenPrices.init), isOnOwnKey: plain.isOnOwnKey)
    }

    /// A caller that may use some models only may not use what is none of them.
    private func mayCall(_ plain: PlainCall, _ principal: Principal) throws(GatewayError) {
        let isAllowed =
            plain.model.map(principal.mayUse)
            ?? [
                principal.key.scope.allowedModels, principal.account.allowedModels,
                principal.parent?.allowedModels ?? .all,
            ]
            .allSatisfy(\.patterns.isEmpty)
        guard isAllowed else {
            throw GatewayError(
                .modelNotAllowed, "This key may not use `\(plain.modelName)`. Its owner decides which models it may.",
                param: "model")
        }
    }
}

extension PlainCall {
    fileprivate var promptEstimate: Int { TextEstimate.tokens(bytes: promptBytes, messages: 1) }
}

extension CallMeter {
    /// What an answer in a vendor's own wire used. Where nothing is ever counted, nothing is guessed either.
    mutating func used(_ reader: (any PlainUsageReader)?, promptEstimate: Int) -> CallBill {
        guard let reader else { return CallBill(usage: TokenUsage(), charge: used(TokenUsage(), orElse: TokenUsage())) }
        let (usage, source) = reader.settled(promptEstimate: promptEstimate)
        let charge = used(source == .estimated ? nil : usage, orElse: usage)
        return CallBill(usage: usage, charge: charge)
    }
}
