public import Catalogue
import Dialects
public import Domain
public import HTTPClient
import HTTPCore
public import Metering
public import Providers

/// Bounds of the way through the gateway.
public struct PipelineLimits: Sendable {
    public var maximumJSONDepth = 512
    public var maximumAnswerBytes = 64 << 20
    public var deadlines = RequestDeadlines()
    /// Output tokens allowed to calls that set no limit; nil for as many as the model can make.
    public var assumedOutputTokens: Int?

    public init() {}
}

/// The one way every inference call takes: admit, route, call, meter, record.
public struct Pipeline: Sendable {
    let liveCatalogue: LiveCatalogue
    let providers: ProviderDirectory
    let recorder: any CallRecorder
    let treasury: Treasury
    let ownKeys: any OwnKeys
    let limits: PipelineLimits
    let pause: Pause

    /// Waits so many milliseconds, or until the task is cancelled.
    public typealias Pause = @Sendable (UInt64) async -> Void

    public static let sleeping: Pause = { try? await Task.sleep(for: .milliseconds($0)) }

    public init(
        catalogue: LiveCatalogue, providers: ProviderDirectory, recorder: any CallRecorder,
        treasury: Treasury, ownKeys: any OwnKeys = NoOwnKeys(), limits: PipelineLimits,
        pause: @escaping Pause = Pipeline.sleeping
    ) {
        liveCatalogue = catalogue
        self.providers = providers
        self.recorder = recorder
        self.treasury = treasury
        self.ownKeys = ownKeys
        self.limits = limits
        self.pause = pause
    }

    public func chat(_ call: consuming InferenceCall, on lane: Lane) async throws(GatewayError) -> ChatReply {
        let admission = try admission(call, on: lane)
        guard recorder.canRecord else { throw CallMeter.notRecorded }
        let (model, provider, wishes) = (admission.model, admission.provider, admission.chat.wishes)
        var meter = CallMeter(
            call, admission, reservation: try treasury.reserve(admission.ask), recorder: recorder)
        var headers = provider.isSandbox ? call.headers.fields(prefixed: "x-sandbox-") : []
        if let key = admission.ownKey { headers.append(Provider.credentials(key)) }
        let order = VendorOrder(
            template: admission.ownKey == nil ? provider.chat : provider.chatOnOwnKey, body: admission.chat.body,
            headers: headers, expects: wishes.isStream ? .stream : .whole, isOnOwnKey: admission.ownKey != nil,
            plan: call.orders.retries)
        // The client's own copy is not needed while the vendor thinks.
        call.body = []
        let (reply, attempts): (VendorReply, Int)
        do {
            (reply, attempts) = try await ask(order, &meter, on: lane)
        } catch {
            throw await failed(meter, error)
        }
        let route = RouteTaken(
            model: model.id, provider: provider.id, isSandbox: provider.isSandbox, isOnOwnKey: order.isOnOwnKey,
            attempts: attempts, warning: admission.chat.warning, rates: meter.rates)
        switch reply {
        case .whole(_, let body): return try await whole(body, wishes, model, meter, lane, route)
        case .stream(let response, let first):
            return .stream(try await open(response, first, wishes, model, meter, lane), route: route)
        }
    }

    private func whole(
        _ received: [UInt8], _ wishes: ChatWishes, _ model: Model, _ meter: consuming CallMeter,
        _ lane: Lane, _ route: consuming RouteTaken
    ) async throws(GatewayError) -> ChatReply {
        let answer: ChatAnswer
        do {
            answer = try ChatAnswer(
                received, model: model.id, promptEstimate: wishes.promptEstimate, scanner: lane.scanner,
                cost: meter.cost)
        } catch {
            throw await failed(meter, error)
        }
        let charge = meter.used(answer.usage, orElse: answer.estimate)
        try await meter.settle(.complete, status: 200)
        route.bill = CallBill(usage: answer.usage ?? answer.estimate, charge: charge)
        return .whole(body: answer.body, route: route)
    }

    private func open(
        _ response: IncomingResponse, _ first: [UInt8], _ wishes: ChatWishes, _ model: Model,
        _ meter: consuming CallMeter, _ lane: Lane
    ) async throws(GatewayError) -> ChatStream {
        guard response.isEventStream else {
            throw await failed(meter, GatewayError(.providerError, "The provider did not answer with a stream."))
        }
        guard !first.isEmpty else {
            throw await failed(meter, GatewayError(.providerError, "The provider's stream was empty. Try again."))
        }
        let tap = ChatStreamTap(
            model: model.id, wantsUsageChunk: wishes.wantsUsageChunk, promptEstimate: wishes.promptEstimate,
            cost: meter.cost)
        return ChatStream(response, first: first, tap: tap, meter: meter, scanner: lane.scanner)
    }

    /// Records a call that comes to nothing, and says what to tell its client.
    func failed(_ meter: consuming CallMeter, _ error: GatewayError) async -> GatewayError {
        let error = error.withholding(meter.vendorKey)
        do {
            try await meter.settle(
                CallOutcome(unanswered: error), status: error.reason.status, error: error.reason)
            return error
        } catch {
            return error
        }
    }
}
