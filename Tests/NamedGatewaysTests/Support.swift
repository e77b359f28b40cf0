import Catalogue
import Domain
import DynamicRouting
import EventLoop
import Governance
import Guards
import HTTPClient
import HTTPCore
import HTTPServer
import InferenceRig
import MemoryStores
import Metering
import Pipeline
import Providers
import Synchronization
import Telemetry
import Testing

@testable import NamedGateways

/// A clock that stands still until it is moved.
final class SetClock: WallClock {
    private let seconds = Mutex<Int64>(1_000_000)
    func now() -> Timestamp { Timestamp(seconds: seconds.withLock { $0 }) }
    func advance(by more: Int64) { seconds.withLock { $0 += more } }
}

/// Gateways that were written down for a test.
final class TestBook: GatewayBook {
    private let gateways: Mutex<[GatewayID: LiveGateway]>
    let providers: [LiveProvider]
    let isDefaultMade = Flag()

    init(_ gateways: [LiveGateway], providers: [LiveProvider] = []) {
        self.gateways = Mutex(Dictionary(uniqueKeysWithValues: gateways.map { ($0.settings.id, $0) }))
        self.providers = providers
    }

    func put(_ gateway: LiveGateway) { gateways.withLock { $0[gateway.settings.id] = gateway } }

    func gateway(_ id: GatewayID, of account: AccountID) -> LiveGateway? {
        account == EngineRig.account.id ? gateways.withLock { $0[id] } : nil
    }

    func provider(_ slug: String, of account: AccountID) -> LiveProvider? { providers.first { $0.slug == slug } }

    func makeDefault(for account: AccountID) async throws(GatewayError) -> LiveGateway {
        isDefaultMade.set()
        let made = LiveGateway(
            GatewaySettings(account: account, id: GatewaySettings.defaultID, createdAt: Timestamp(seconds: 0)))
        put(made)
        return made
    }
}

/// Keeps answers by their whole question.
final class TestCache: AnswerCache {
    let keepsStreams: Bool
    private let kept = Mutex<[AnswerKey: (KeptAnswer, Timestamp)]>([:])

    init(keepsStreams: Bool = false) { self.keepsStreams = keepsStreams }

    func key(for question: CacheQuestion) -> AnswerKey? {
        let text = question.custom.map { Array($0.utf8) } ?? Array(question.path.utf8) + question.body
        return AnswerKey(account: question.account, gateway: question.gateway, digest: text)
    }

    func answer(_ key: AnswerKey, at now: Timestamp) -> KeptAnswer? {
        kept.withLock { $0[key] }.flatMap { $0.1 > now ? $0.0 : nil }
    }

    func keep(_ answer: KeptAnswer, under key: AnswerKey, seconds: Int, at now: Timestamp) {
        let end = Timestamp(seconds: now.seconds + Int64(seconds))
        kept.withLock { $0[key] = (answer, end) }
    }
}

/// An engine, the loop it works on, and what it writes.
struct EngineRig: Sendable {
    let engine: GatewayEngine
    let lane: Lane
    let loop: LoopThread
    let recorder: Notebook
    let logs: MemoryLogs
    let clock: SetClock
    let book: TestBook
    let treasury: Treasury

    static let account = Account(
        id: AccountID("acc_1"), name: "", createdAt: Timestamp(seconds: 0), plan: .postpaid)
    static let principal = Principal(
        key: APIKey(
            id: KeyID("key_1"), accountID: AccountID("acc_1"), name: "", prefix: "", hash: [],
            createdAt: Timestamp(seconds: 0)),
        account: account)

    static func body(_ model: String = "openai/o4-mini", text: String = "x", stream: Bool = false) -> [UInt8] {
        Array(#"{"model":"\#(model)","messages":[{"role":"user","content":"\#(text)"}],"stream":\#(stream)}"#.utf8)
    }

    static func step(
        _ model: String = "openai/o4-mini", text: String = "x", stream: Bool = false,
        controls: GatewayControls = GatewayControls()
    ) -> GatewayStep {
        GatewayStep(.model(model, .chat), body: body(model, text: text, stream: stream), controls: controls)
    }

    static func request(
        _ steps: [GatewayStep] = [step()], gateway: String? = "g", principal: Principal? = EngineRig.principal,
        controls: GatewayControls = GatewayControls(), kind: GatewayRequest.Kind = .run
    ) -> GatewayRequest {
        GatewayRequest(
            requestID: RequestID("req_1"), arrivedAt: 0, account: account, principal: principal,
            gateway: gateway.map { GatewayID($0) }, controls: controls, steps: steps, isUniversal: steps.count > 1,
            path: "ai/run", kind: kind)
    }

    /// Runs on the loop, as a door does, and reads the answer to its end.
    func run(_ request: GatewayRequest) async -> Result<(text: String, facts: GatewayFacts), Refusal> {
        await Task(executorPreference: loop) {
            switch await engine.run(request, on: lane) {
            case .refused(let error, let facts): return .failure(Refusal(error: error, facts: facts))
            case .answered(let answer, let facts):
                switch answer.body {
                case .whole(let body): return .success((String(decoding: body, as: UTF8.self), facts))
                case .stream(let stream): return await Self.read(stream, facts)
                }
            }
        }.value
    }

    private static func read(
        _ stream: any GatewayStream, _ facts: GatewayFacts
    ) async -> Result<(text: String, facts: GatewayFacts), Refusal> {
        var text = ""
        while true {
            switch await stream.next() {
            case .bytes(let bytes): text += String(decoding: bytes, as: UTF8.self)
            case .end: return .success((text, facts))
            case .failed(let error): return .failure(Refusal(error: error, facts: facts))
            }
        }
    }
}

struct Refusal: Error {
    let error: GatewayError
    let facts: GatewayFacts
}

func settings(_ change: (inout GatewaySettings) -> Void = { _ in }) -> GatewaySettings {
    var settings = GatewaySettings(
        account: EngineRig.account.id, id: GatewayID("g"), createdAt: Timestamp(seconds: 0))
    change(&settings)
    return settings
}

/// An engine for the length of a test, with one gateway `g` before one vendor.
func withEngine(
    _ gateway: LiveGateway = LiveGateway(settings()), providers: [String] = [], cache: TestCache? = nil,
    classifier: any Classifier = NoClassifier(), vendor answer: @escaping TestVendor.Answer,
    _ test: @escaping @Sendable (EngineRig) async throws -> Void
) async throws {
    let (loop, vendorLoop) = (LoopThread(name: "gateway"), LoopThread(name: "vendor"))
    let listener = try await HTTPListener(
        ServerConfiguration(host: "127.0.0.1", port: 0), loops: [vendorLoop], handler: TestVendor(answer: answer))
    let client = await HTTPClient.make(on: loop, ClientConfiguration())
    let base = "http://\(listener.address)/v1"
    let (recorder, logs, clock) = (Notebook(), MemoryLogs(), SetClock())
    let treasury = Treasury(opening: TreasuryOpening(), clock: clock)
    let pipeline = Pipeline(
        catalogue: LiveCatalogue(.seed),
        providers: ProviderDirectory([
            .openAICompatible(ProviderID("openai"), baseURL: base, key: Secret("sk-ours"))
        ]), recorder: recorder, treasury: treasury, limits: PipelineLimits(), pause: { _ in })
    let book = TestBook([gateway], providers: providers.map { LiveProvider(slug: $0, baseURL: base) })
    let engine = GatewayEngine(
        pipeline: pipeline, book: book, logs: logs,
        tools: GatewayTools(
            rates: RequestRateGate(), counters: WindowCounters(), classifier: classifier, observer: NoObserver(),
            cache: cache),
        clock: clock, log: Logger(level: .error, format: .json))
    let rig = EngineRig(
        engine: engine, lane: Lane(loop: loop, client: client), loop: loop, recorder: recorder, logs: logs,
        clock: clock, book: book, treasury: treasury)
    let result = await Task { try await test(rig) }.result
    await loop.run { client.close() }
    await listener.shutdown(graceMilliseconds: 0)
    vendorLoop.stop()
    loop.stop()
    try result.get()
}

struct NoClassifier: Classifier {
    func categories(of text: String, side: GuardSide) async throws(ClassifierError) -> Set<HazardCategory> { [] }
}
