public import Catalogue
import Dialects
public import Domain
public import HTTPClient
import HTTPCore
public import Providers

/// Bounds of the way through the gateway.
public struct PipelineLimits: Sendable {
    public var maximumJSONDepth = 512
    public var maximumAnswerBytes = 64 << 20
    public var deadlines = RequestDeadlines()

    public init() {}
}

/// The one way every inference call takes: admit, route, call, meter, record.
public struct Pipeline: Sendable {
    public let keys: KeyRing
    let liveCatalogue: LiveCatalogue
    let providers: ProviderDirectory
    let recorder: any CallRecorder
    let limits: PipelineLimits

    /// A refusal's body is read up to here; vendors' explanations are short.
    private static let refusalLimit = 64 << 10

    public init(
        keys: KeyRing, catalogue: LiveCatalogue, providers: ProviderDirectory, recorder: any CallRecorder,
        limits: PipelineLimits
    ) {
        self.keys = keys
        liveCatalogue = catalogue
        self.providers = providers
        self.recorder = recorder
        self.limits = limits
    }

    /// The one answer to every key that is not good, so that it tells nothing about which part was wrong.
    public func authenticate(_ presented: String?) throws(GatewayError) -> Principal {
        guard let presented, !presented.isEmpty else {
            throw GatewayError(
                .invalidKey, "No API key was sent. Send `Authorization: Bearer sk-aig-…`.")
        }
        guard let principal = keys.principal(for: presented) else {
            throw GatewayError(
                .invalidKey,
                "The API key is not valid: unknown, revoked or mistyped. Send `Authorization: Bearer sk-aig-…`.")
        }
        return principal
    }

    public func chat(_ call: consuming InferenceCall, on lane: Lane) async throws(GatewayError) -> ChatReply {
        let order = try order(call.body, on: lane)
        let (model, provider, wishes) = (order.model, order.provider, order.chat.wishes)
        var meter = CallMeter(
            copy call, model: model, provider: provider.id, isStream: wishes.isStream, recorder: recorder)
        let sandboxHeaders = provider.isSandbox ? call.headers.fields(prefixed: "x-sandbox-") : []
        // The client's own copy is not needed while the vendor thinks.
        call.body = []
        let response: IncomingResponse
        do {
            response = try await lane.client.send(
                provider.chat, body: order.chat.body, headers: sandboxHeaders, deadlines: limits.deadlines)
        } catch {
            throw await failed(meter, GatewayError(error))
        }
        meter.firstByte()
        let route = RouteTaken(provider: provider.id, attempts: 1, warning: order.chat.warning)
        guard response.status == 200 else {
            throw await failed(meter, await refusal(response, on: lane))
        }
        if wishes.isStream {
            return .stream(try await open(response, wishes, model, meter, lane), route: route)
        }
        return .whole(body: try await whole(response, wishes, model, meter, lane), route: route)
    }

    /// What is to be sent to whom.
    private struct Order {
        let model: Model
        let provider: Provider
        let chat: PreparedChat
    }

    private func order(_ body: [UInt8], on lane: Lane) throws(GatewayError) -> Order {
        let request = try ChatRequest(body, scanner: lane.scanner, maximumDepth: limits.maximumJSONDepth)
        let model = try chatModel(request.model)
        let chat = try request.prepared(for: model)
        guard let provider = providers.provider(for: model) else {
            throw GatewayError(
                .providerNotConfigured,
                "No provider is configured for `\(model.id)`. The operator can add one, or turn the sandbox on.",
                retryAfterSeconds: 60)
        }
        return Order(model: model, provider: provider, chat: chat)
    }

    private func whole(
        _ response: IncomingResponse, _ wishes: ChatWishes, _ model: Model, _ meter: consuming CallMeter,
        _ lane: Lane
    ) async throws(GatewayError) -> [UInt8] {
        let answer: ChatAnswer
        do {
            let received = try await collect(response)
            answer = try ChatAnswer(
                received, model: model.id, promptEstimate: wishes.promptEstimate, scanner: lane.scanner)
        } catch {
            throw await failed(meter, error)
        }
        meter.used(answer.usage, orElse: answer.estimate)
        try await meter.settle(.complete, status: 200)
        return answer.body
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
            model: model.id, wantsUsageChunk: wishes.wantsUsageChunk, promptEstimate: wishes.promptEstimate)
        return ChatStream(response, first: first, tap: tap, meter: meter, scanner: lane.scanner)
    }

    private func refusal(_ response: IncomingResponse, on lane: Lane) async -> GatewayError {
        let body = (try? await response.collect(limit: Self.refusalLimit)) ?? []
        return VendorError.answer(
            status: response.status, retryAfter: response.headers.first("retry-after"), body: body,
            scanner: lane.scanner)
    }

    /// Records a call that comes to nothing, and says what to tell its client.
    private func failed(_ meter: consuming CallMeter, _ error: GatewayError) async -> GatewayError {
        do {
            try await meter.settle(
                CallOutcome(unanswered: error), status: error.reason.status, error: error.reason)
            return error
        } catch {
            return error
        }
    }
}
