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

    /// A refusal's body is read up to here; vendors' explanations are short.
    private static let refusalLimit = 64 << 10

    public init(
        catalogue: LiveCatalogue, providers: ProviderDirectory, recorder: any CallRecorder,
        treasury: Treasury, ownKeys: any OwnKeys = NoOwnKeys(), limits: PipelineLimits
    ) {
        liveCatalogue = catalogue
        self.providers = providers
        self.recorder = recorder
        self.treasury = treasury
        self.ownKeys = ownKeys
        self.limits = limits
    }

    public func chat(_ call: consuming InferenceCall, on lane: Lane) async throws(GatewayError) -> ChatReply {
        let admission = try admission(call, on: lane)
        guard recorder.canRecord else { throw CallMeter.notRecorded }
        let (model, provider, wishes) = (admission.model, admission.provider, admission.chat.wishes)
        var meter = CallMeter(
            call, admission, isStream: wishes.isStream, reservation: try treasury.reserve(admission.ask),
            recorder: recorder)
        var headers = provider.isSandbox ? call.headers.fields(prefixed: "x-sandbox-") : []
        if let key = admission.ownKey { headers.append(Provider.credentials(key)) }
        // The client's own copy is not needed while the vendor thinks.
        call.body = []
        let response: IncomingResponse
        do {
            response = try await lane.client.send(
                admission.ownKey == nil ? provider.chat : provider.chatOnOwnKey, body: admission.chat.body,
                headers: headers, deadlines: limits.deadlines)
        } catch {
            throw await failed(meter, GatewayError(error))
        }
        meter.firstByte()
        let route = RouteTaken(
            provider: provider.id, attempts: 1, warning: admission.chat.warning, rates: meter.rates)
        guard response.status == 200 else {
            throw await failed(meter, await refusal(response, isOnOwnKey: admission.ownKey != nil, on: lane))
        }
        if wishes.isStream {
            return .stream(try await open(response, wishes, model, meter, lane), route: route)
        }
        return try await whole(response, wishes, model, meter, lane, route)
    }

    private func whole(
        _ response: IncomingResponse, _ wishes: ChatWishes, _ model: Model, _ meter: consuming CallMeter,
        _ lane: Lane, _ route: consuming RouteTaken
    ) async throws(GatewayError) -> ChatReply {
        let answer: ChatAnswer
        do {
            let received = try await collect(response)
            answer = try ChatAnswer(
                received, model: model.id, promptEstimate: wishes.promptEstimate, scanner: lane.scanner,
                cost: meter.cost)
        } catch {
            throw await failed(meter, error)
        }
        let charge = meter.used(answer.usage, orElse: answer.estimate)
        try await meter.settle(.complete, status: 200)
        route.cost = charge.knownCost
        route.cachedTokens = charge.prices?.cacheRead == nil ? 0 : answer.usage?.cachedPromptTokens ?? 0
        return .whole(body: answer.body, route: route)
    }

    private func collect(_ response: IncomingResponse) async throws(GatewayError) -> [UInt8] {
        do {
            return try await response.collect(limit: limits.maximumAnswerBytes)
        } catch {
            throw GatewayError(error)
        }
    }

    private func open(
        _ response: IncomingResponse, _ wishes: ChatWishes, _ model: Model, _ meter: consuming CallMeter,
        _ lane: Lane
    ) async throws(GatewayError) -> ChatStream {
        let type = response.headers.first("content-type") ?? ""
        guard type.lowercased().hasPrefix("text/event-stream") else {
            throw await failed(meter, GatewayError(.providerError, "The provider did not answer with a stream."))
        }
        // Until the first bytes are there, a failure can still be told with a proper status.
        let first: [UInt8]
        do {
            first = try await response.nextPiece() ?? []
        } catch {
            throw await failed(meter, GatewayError(error))
        }
        guard !first.isEmpty else {
            throw await failed(meter, GatewayError(.providerError, "The provider's stream was empty. Try again."))
        }
        let tap = ChatStreamTap(
            model: model.id, wantsUsageChunk: wishes.wantsUsageChunk, promptEstimate: wishes.promptEstimate,
            cost: meter.cost)
        return ChatStream(response, first: first, tap: tap, meter: meter, scanner: lane.scanner)
    }

    private func refusal(
        _ response: IncomingResponse, isOnOwnKey: Bool, on lane: Lane
    ) async -> GatewayError {
        let body = (try? await response.collect(limit: Self.refusalLimit)) ?? []
        return VendorError.answer(
            status: response.status, retryAfter: response.headers.first("retry-after"), body: body,
            isOnOwnKey: isOnOwnKey, scanner: lane.scanner)
    }

    /// Records a call that comes to nothing, and says what to tell its client.
    private func failed(_ meter: consuming CallMeter, _ error: GatewayError) async -> GatewayError {
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
