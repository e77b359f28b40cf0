import Catalogue
import Domain
import EventLoop
import HTTPClient
import HTTPCore
import HTTPServer
import InferenceRig
import Metering
import Providers
import Synchronization
import Telemetry
import Testing

@testable import Pipeline

/// A pipeline, the loop it works on, and the vendor behind it.
struct Rig: Sendable {
    let pipeline: Pipeline
    let lane: Lane
    let recorder: Notebook
    let loop: LoopThread

    static let principal = Principal(
        key: APIKey(
            id: KeyID("key_1"), accountID: AccountID("acc_1"), name: "", prefix: "", hash: [],
            createdAt: Timestamp(seconds: 0)),
        account: Account(
            id: AccountID("acc_1"), name: "", createdAt: Timestamp(seconds: 0), plan: .postpaid))

    func call(_ model: String = "openai/o4-mini", stream: Bool = false) -> InferenceCall {
        let body = #"{"model":"\#(model)","messages":[{"role":"user","content":"x"}],"stream":\#(stream)}"#
        return InferenceCall(
            requestID: RequestID("req_1"), principal: Self.principal, body: Array(body.utf8), arrivedAt: 0)
    }

    /// Runs on the loop, as a door does.
    @discardableResult
    func start<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) -> Task<Result, Never> {
        Task(executorPreference: loop, operation: body)
    }

    func whole(
        _ model: String = "openai/o4-mini", stream: Bool = false, retries: RetryPlan = RetryPlan()
    ) async -> Result<String, GatewayError> {
        var call = call(model, stream: stream)
        call.orders.retries = retries
        return await start { [call] in await self.answer(call) }.value
    }

    /// A door that answers into a text. What was sent before a failure of the stream is dropped.
    private func answer(_ call: InferenceCall) async -> Result<String, GatewayError> {
        do throws(GatewayError) {
            switch try await pipeline.chat(call, on: lane) {
            case .whole(let body, _): return .success(String(decoding: body, as: UTF8.self))
            case .stream(let stream, _): return await Self.read(stream)
            }
        } catch {
            return .failure(error)
        }
    }

    static func read(_ stream: ChatStream) async -> Result<String, GatewayError> {
        var text = ""
        while true {
            switch await stream.next() {
            case .bytes(let bytes): text += String(decoding: bytes, as: UTF8.self)
            case .end: return .success(text + done)
            case .failed(let error): return .failure(error)
            }
        }
    }

    /// Gives what is ready on the loop ample turns to run.
    func letTheLoopTurn() async {
        for _ in 0..<200 { await loop.run {} }
    }
}

/// A rig for the length of a test. Without an answer nobody listens where the vendor should be.
func withRig(
    _ recorder: Notebook = Notebook(), limits: PipelineLimits = PipelineLimits(), isConfigured: Bool = true,
    isSandbox: Bool = true, treasury: Treasury? = nil, ownKeys: any OwnKeys = NoOwnKeys(),
    pause: @escaping Pipeline.Pause = Pipeline.sleeping, vendor answer: TestVendor.Answer? = nil,
    _ test: @escaping @Sendable (Rig) async throws -> Void
) async throws {
    let loop = LoopThread(name: "gateway")
    let vendorLoop = LoopThread(name: "vendor")
    var listener: HTTPListener?
    if let answer {
        listener = try await HTTPListener(
            ServerConfiguration(host: "127.0.0.1", port: 0), loops: [vendorLoop], handler: TestVendor(answer: answer))
    }
    let address = listener?.address ?? "127.0.0.1:9"
    let client = await HTTPClient.make(on: loop, ClientConfiguration())
    let provider = Provider.openAICompatible(
        ProviderID("openai"), baseURL: "http://\(address)/v1", key: isSandbox ? nil : Secret("sk-ours"),
        isSandbox: isSandbox)
    let pipeline = Pipeline(
        catalogue: LiveCatalogue(.seed), providers: ProviderDirectory(isConfigured ? [provider] : []),
        recorder: recorder,
        treasury: treasury ?? Treasury(opening: TreasuryOpening(), clock: StoppedClock()), ownKeys: ownKeys,
        limits: limits, pause: pause)
    let rig = Rig(pipeline: pipeline, lane: Lane(loop: loop, client: client), recorder: recorder, loop: loop)
    let result = await Task { try await test(rig) }.result
    await loop.run { client.close() }
    await listener?.shutdown(graceMilliseconds: 0)
    vendorLoop.stop()
    loop.stop()
    try result.get()
}
