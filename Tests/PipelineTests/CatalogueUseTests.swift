import Catalogue
import Domain
import InferenceRig
import Testing

@testable import Pipeline

private struct FixedClock: WallClock {
    let seconds: Int64
    func now() -> Timestamp { Timestamp(seconds: seconds) }
}

@Suite("The pipeline and the catalogue", .timeLimit(.minutes(1)))
struct CatalogueUseTests {
    @Test(arguments: ["openai/text-embedding-3-small", "openai/whisper-1", "cohere/rerank-v3.5"])
    func `a model that does not chat is refused by name`(id: String) async throws {
        try await withRig(vendor: TestVendor.saying(200, completion)) { rig in
            guard case .failure(let error) = await rig.whole(id) else { return fail("answered") }
            #expect(error.reason == .modalityMismatch && error.param == "model")
            #expect(rig.recorder.records.isEmpty)
        }
    }

    @Test func `a model of a vendor nobody configured is known but not served`() async throws {
        try await withRig(vendor: TestVendor.saying(200, completion)) { rig in
            guard case .failure(let error) = await rig.whole("anthropic/claude-sonnet-4.5") else {
                return fail("answered")
            }
            #expect(error.reason == .providerNotConfigured)
        }
    }

    @Test func `a new catalogue is in force for the next call`() async throws {
        try await withRig(vendor: TestVendor.saying(200, completion)) { rig in
            rig.pipeline.liveCatalogue.replace(with: Catalogue([]))
            guard case .failure(let error) = await rig.whole() else { return fail("answered") }
            #expect(error.reason == .modelNotFound)
            rig.pipeline.liveCatalogue.replace(with: .builtIn)
            _ = try await rig.whole().get()
        }
    }
}

@Suite("The health of providers")
struct ProviderHealthTests {
    private static let provider = ProviderID("openai")
    private let health = ProviderHealth([provider, ProviderID("idle")], clock: FixedClock(seconds: 1_000))

    private func note(_ reason: ErrorReason? = nil, firstByte: Int64? = 100_000, at seconds: Int64 = 990) {
        health.note(
            CallRecord(
                requestID: RequestID("r"), accountID: AccountID("a"), keyID: KeyID("k"), model: ModelID("m"),
                provider: Self.provider, upstreamModel: "m", startedAt: Timestamp(seconds: seconds),
                durationMicroseconds: 2_000_000, firstByteMicroseconds: firstByte, streamed: false,
                outcome: reason == nil ? .complete : .failed, status: reason?.status ?? 200,
                errorReason: reason?.rawValue, usage: TokenUsage(), usageSource: .none))
    }

    @Test func `a provider nobody has called is operational, with no figures`() {
        let report = health.reports()[1]
        #expect(report.provider.rawValue == "idle" && report.status == .operational)
        #expect(report.medianFirstByteMilliseconds == nil && report.errorsPerThousand == nil && report.checkedAt == nil)
    }

    @Test func `the median is that of good answers, and the latest call is told`() {
        for milliseconds in [100, 300, 200] { note(firstByte: Int64(milliseconds) * 1_000) }
        note(.providerError, firstByte: 900_000)
        let report = health.reports()[0]
        #expect(report.medianFirstByteMilliseconds == 200)
        #expect(report.errorsPerThousand == 250)
        #expect(report.checkedAt == Timestamp(seconds: 992))
    }

    @Test(
        "The share of failures makes the status",
        arguments: [
            (good: 20, bad: 0, status: ProviderHealth.Report.Status.operational), (20, 1, .operational),
            (19, 1, .degraded), (1, 1, .degraded), (0, 2, .degraded), (0, 3, .down), (3, 3, .down), (4, 3, .degraded),
        ])
    func status(good: Int, bad: Int, status: ProviderHealth.Report.Status) {
        for _ in 0..<good { note() }
        for _ in 0..<bad { note(.upstreamTimeout, firstByte: nil) }
        #expect(health.reports()[0].status == status)
    }

    @Test func `what callers did wrong, and what is long past, says nothing`() {
        for _ in 0..<5 { note(.upstreamRejected) }
        for _ in 0..<5 { note(.clientClosed, firstByte: nil) }
        for _ in 0..<5 { note(.providerError, at: 600) }
        let report = health.reports()[0]
        #expect(report.status == .operational && report.errorsPerThousand == 0)
    }

    @Test func `only the latest calls are kept`() {
        for _ in 0..<200 { note(.providerError) }
        for _ in 0..<128 { note() }
        #expect(health.reports()[0].errorsPerThousand == 0)
    }
}
