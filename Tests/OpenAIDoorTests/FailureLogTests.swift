import Catalogue
import Crypto
import Domain
import EventLoop
import HTTPClient
import HTTPCore
import HTTPServer
import Metering
import OpenAIDoor
import Pipeline
import Providers
import Routing
import Telemetry
import Testing

@Suite("What is logged of failed calls", .timeLimit(.minutes(1)))
struct FailureLogTests {
    struct NoRecorder: CallRecorder {
        func record(_ record: CallRecord) async throws(StoreError) {}
    }

    /// Asks a gateway whose only provider is not there, and returns what it logged.
    static func lines(body: String) async throws -> [String] {
        let loop = LoopThread(name: "door")
        let collector = LogCollector()
        let hash = try KeyedHash(key: [UInt8](repeating: 7, count: KeyedHash.keyByteCount))
        let key = "sk-aig-" + String(repeating: "k", count: 40)
        let ring = KeyRing(
            hash: hash,
            KeySnapshot(
                keys: [
                    APIKey(
                        id: KeyID("key_1"), accountID: Account.root, name: "", prefix: "", hash: hash.hash(key).bytes,
                        createdAt: Timestamp(seconds: 0))
                ],
                accounts: [
                    Account(id: Account.root, name: "", createdAt: Timestamp(seconds: 0), plan: .postpaid)
                ]))
        let client = await HTTPClient.make(on: loop, ClientConfiguration())
        let lanes = Lanes([Lane(loop: loop, client: client)])
        let nowhere = Provider.openAICompatible(
            ProviderID("openai"), baseURL: "http://127.0.0.1:1/v1", key: Secret("sk-vendor"))
        let pipeline = Pipeline(
            catalogue: .seed, providers: ProviderDirectory([nowhere]), recorder: NoRecorder(),
            treasury: Treasury(opening: TreasuryOpening(), clock: StoppedClock()), limits: PipelineLimits())
        let log = Logger(level: .info, format: .json, sink: collector)
        let door = OpenAIDoor(
            pipeline: pipeline, authenticator: Authenticator(keys: ring, clock: StoppedClock()), lanes: lanes,
            health: ProviderHealth([], clock: StoppedClock()),
            baseURL: "http://test", log: log)
        let listener = try await HTTPListener(
            ServerConfiguration(host: "127.0.0.1", port: 0), loops: [loop], handler: FrontDoor([door], fallback: door))
        let template = RequestTemplate(
            .post, url: "http://\(listener.address)/v1/chat/completions",
            headers: [("Authorization", "Bearer \(key)"), ("X-Request-Id", "req_mine")])
        let call = Task(executorPreference: loop) {
            let answer = try await client.send(template, body: Array(body.utf8), deadlines: RequestDeadlines())
            _ = try await answer.collect(limit: 10_000)
        }
        try await call.value
        await listener.shutdown(graceMilliseconds: 100)
        await loop.run { client.close() }
        loop.stop()
        return collector.lines
    }

    @Test func `a provider's failure is logged with the request's id and without secrets`() async throws {
        let lines = try await Self.lines(
            body: #"{"model":"openai/o4-mini","messages":[{"role":"user","content":"very private"}]}"#)
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        #expect(line.contains("req_mine"))
        #expect(line.contains("provider_error"))
        #expect(!line.contains("sk-"))
        #expect(!line.contains("private"))
    }

    @Test func `what callers do wrong does not fill the log`() async throws {
        #expect(try await Self.lines(body: "{").isEmpty)
    }
}

private struct StoppedClock: WallClock {
    func now() -> Timestamp { Timestamp(seconds: 0) }
}
