import Domain
import HTTPClient
import HTTPCore
import HTTPServer
import InferenceRig
import Testing

@testable import Pipeline

@Suite("The pipeline", .timeLimit(.minutes(1)))
struct PipelineTests {
    @Test func `a whole answer is the vendor's under the public name, and is recorded once`() async throws {
        try await withRig(vendor: TestVendor.saying(200, completion)) { rig in
            let named = completion.replacing("o4-mini-2025", with: "openai/o4-mini")
            #expect(try await rig.whole().get() == named.replacing(usage, with: charged))
            let record = try #require(rig.recorder.records.first)
            #expect(rig.recorder.records.count == 1)
            #expect(record.outcome == .complete)
            #expect(record.status == 200)
            #expect(record.errorReason == nil)
            #expect(record.usage == TokenUsage(promptTokens: 9, completionTokens: 3, totalTokens: 12))
            #expect(record.usageSource == .reported)
            #expect(!record.streamed)
            #expect(record.firstByteMicroseconds != nil)
            #expect(record.requestID == RequestID("req_1"))
            #expect(record.accountID == Rig.principal.accountID)
            #expect(record.keyID == Rig.principal.keyID)
            #expect(record.model == ModelID("openai/o4-mini"))
            #expect(record.upstreamModel == "o4-mini")
            #expect(record.provider == ProviderID("openai"))
        }
    }

    @Test func `a whole stream goes through and is recorded once`() async throws {
        try await withRig(vendor: TestVendor.streaming(goodStream)) { rig in
            let text = try await rig.whole(stream: true).get()
            #expect(text.hasSuffix(#""finish_reason":"stop"}],\#(charged)}"# + "\n\n" + done))
            #expect(!text.contains(#""model":"m""#))
            #expect(rig.recorder.records.map(\.outcome) == [.complete])
            #expect(rig.recorder.records.map(\.streamed) == [true])
            #expect(rig.recorder.records.first?.usage.totalTokens == 12)
        }
    }

    @Test func `usage that the vendor does not tell is estimated, and says so`() async throws {
        try await withRig(vendor: TestVendor.saying(200, #"{"choices":[]}"#)) { rig in
            _ = try await rig.whole().get()
            #expect(rig.recorder.records.map(\.usageSource) == [.estimated])
        }
    }

    @Test(arguments: [false, true])
    func `the last byte waits for the record`(isStream: Bool) async throws {
        let gate = Signal()
        let answer = isStream ? TestVendor.streaming(goodStream) : TestVendor.saying(200, completion)
        try await withRig(Notebook(gate: gate), vendor: answer) { rig in
            let hasEnded = Flag()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    _ = try await rig.whole(stream: isStream).get()
                    hasEnded.set()
                }
                await rig.recorder.asked.wait()
                await rig.letTheLoopTurn()
                #expect(!hasEnded.isSet)
                #expect(rig.recorder.records.isEmpty)
                gate.fire()
                try await group.waitForAll()
            }
            #expect(rig.recorder.records.map(\.outcome) == [.complete])
        }
    }

    @Test(arguments: [StoreError.notWritten("disk full"), .closed])
    func `an answer that cannot be recorded is not given`(failure: StoreError) async throws {
        try await withRig(Notebook(failing: failure), vendor: TestVendor.saying(200, completion)) { rig in
            let error = try await #require(throws: GatewayError.self) { try await rig.whole().get() }
            #expect(error.reason == .recordFailed)
            #expect(error.reason.status == 503)
            #expect(error.retryAfterSeconds != nil)
            #expect(!error.message.contains("disk"))
        }
    }

    @Test func `a stream that cannot be recorded ends with an error instead of its end mark`() async throws {
        try await withRig(Notebook(failing: .closed), vendor: TestVendor.streaming(goodStream)) { rig in
            let error = try await #require(throws: GatewayError.self) { try await rig.whole(stream: true).get() }
            #expect(error.reason == .recordFailed)
        }
    }

    struct Failure: Sendable, CustomTestStringConvertible {
        let name: String
        let vendor: TestVendor.Answer
        let reason: ErrorReason
        let status: Int
        var testDescription: String { name }

        init(_ name: String, _ vendor: @escaping TestVendor.Answer, _ reason: ErrorReason, _ status: Int) {
            self.name = name
            self.vendor = vendor
            self.reason = reason
            self.status = status
        }
    }

    static let failures: [Failure] = [
        Failure("500", TestVendor.saying(500, "{}"), .providerError, 500),
        Failure("401", TestVendor.saying(401, "{}"), .providerError, 500),
        Failure("429", TestVendor.saying(429, "{}"), .upstreamSaturated, 503),
        Failure("400", TestVendor.saying(400, #"{"error":{"message":"no"}}"#), .upstreamRejected, 400),
        Failure("302", TestVendor.saying(302, "", [("Location", "/")]), .providerError, 500),
        Failure("not JSON", TestVendor.saying(200, "<html>"), .providerError, 500),
        Failure("empty", TestVendor.saying(200, ""), .providerError, 500),
        Failure(
            "too large", TestVendor.saying(200, String(repeating: " ", count: 5000) + completion), .providerError, 500),
        Failure(
            "breaks off",
            { _, responder in
                let writer = responder.stream(status: 200, headers: ["Content-Type": "application/json"])
                try? await writer.write(Array(completion.utf8.prefix(20)))
                writer.abort()
            }, .providerError, 500),
    ]

    @Test(arguments: failures)
    func `a vendor's failure is told and recorded once`(failure: Failure) async throws {
        var limits = PipelineLimits()
        limits.maximumAnswerBytes = 4096
        try await withRig(limits: limits, vendor: failure.vendor) { rig in
            let error = try await #require(throws: GatewayError.self) { try await rig.whole().get() }
            #expect(error.reason == failure.reason)
            #expect(rig.recorder.records.map(\.outcome) == [.failed])
            #expect(rig.recorder.records.map(\.status) == [failure.status])
            #expect(rig.recorder.records.map(\.errorReason) == [failure.reason.rawValue])
            #expect(rig.recorder.records.map(\.usageSource) == [.unknown])
        }
    }

    @Test(arguments: [false, true])
    func `a vendor that cannot be reached used nothing`(isStream: Bool) async throws {
        try await withRig { rig in
            let error = try await #require(throws: GatewayError.self) { try await rig.whole(stream: isStream).get() }
            #expect(error.reason == .providerError)
            #expect(rig.recorder.records.map(\.outcome) == [.failed])
            #expect(rig.recorder.records.map(\.usageSource) == [UsageSource.none])
            #expect(rig.recorder.records.map(\.firstByteMicroseconds) == [nil])
        }
    }

    @Test(arguments: [
        Failure("whole answer", TestVendor.saying(200, completion), .providerError, 500),
        Failure("nothing", TestVendor.streaming([]), .providerError, 500),
        Failure("breaks off at once", TestVendor.streaming([], breakingOff: true), .providerError, 500),
        Failure("500", TestVendor.saying(500, "{}"), .providerError, 500),
    ])
    func `a stream that fails before its first byte is an ordinary error`(failure: Failure) async throws {
        try await withRig(vendor: failure.vendor) { rig in
            let error = try await #require(throws: GatewayError.self) { try await rig.whole(stream: true).get() }
            #expect(error.reason == failure.reason)
            #expect(rig.recorder.records.map(\.outcome) == [.failed])
            #expect(rig.recorder.records.map(\.status) == [failure.status])
        }
    }

    @Test(arguments: [
        Failure("breaks off", TestVendor.streaming([chunk("a")], breakingOff: true), .providerError, 200),
        Failure("ends early", TestVendor.streaming([chunk("a")]), .providerError, 200),
        Failure("half an event", TestVendor.streaming([chunk("a"), "data: {\"choi"]), .providerError, 200),
        Failure("garbage", TestVendor.streaming([chunk("a"), "data: {\n\n"]), .providerError, 200),
        Failure(
            "error event", TestVendor.streaming([chunk("a"), "data: {\"error\":{\"message\":\"x\"}}\n\n"]),
            .providerError,
            200),
        Failure(
            "last error cut short", TestVendor.streaming([chunk("a"), "data: {\"error\":\"x\"}"]), .providerError, 200),
    ])
    func `a stream that breaks is partial, once`(failure: Failure) async throws {
        try await withRig(vendor: failure.vendor) { rig in
            let error = try await #require(throws: GatewayError.self) { try await rig.whole(stream: true).get() }
            #expect(error.reason == failure.reason)
            #expect(rig.recorder.records.map(\.outcome) == [.partial])
            #expect(rig.recorder.records.map(\.status) == [200])
            #expect(rig.recorder.records.map(\.errorReason) == [failure.reason.rawValue])
        }
    }

    @Test(
        "A stream that had finished is complete, however the vendor ends it",
        arguments: [
            [chunk("a"), chunk("", finish: #""stop""#)],
            [chunk("a"), chunk("", finish: #""stop""#), usageChunk],
            [chunk("a"), chunk("", finish: #""stop""#), String(usageChunk.dropLast(1))],
            [chunk("a"), chunk("", finish: #""stop""#), String(usageChunk.dropLast(2))],
            [chunk("a"), chunk("", finish: #""stop""#), usageChunk, String(done.dropLast(2))],
            [chunk("a"), chunk("", finish: #""stop""#), usageChunk, "data: [DO"],
        ])
    func ends(pieces: [String]) async throws {
        try await withRig(vendor: TestVendor.streaming(pieces)) { rig in
            let text = try await rig.whole(stream: true).get()
            #expect(text.contains(#""finish_reason":"stop""#))
            #expect(text.hasSuffix(done))
            #expect(rig.recorder.records.map(\.outcome) == [.complete])
            let hadUsage = pieces.count > 2
            #expect(text.contains(charged) == hadUsage)
            #expect(rig.recorder.records.map(\.usageSource) == [hadUsage ? .reported : .estimated])
        }
    }

    @Test(arguments: [false, true])
    func `a client that leaves before the first byte is recorded as gone`(isStream: Bool) async throws {
        let (arrived, left) = (Signal(), Signal())
        let silent: TestVendor.Answer = { _, responder in
            arrived.fire()
            await left.wait()
            responder.send(HTTPResponse(status: 200))
        }
        try await withRig(vendor: silent) { rig in
            let call = rig.start { await rig.pipelineOutcome(stream: isStream) }
            await arrived.wait()
            call.cancel()
            #expect(await call.value == .clientClosed)
            left.fire()
            #expect(rig.recorder.records.map(\.outcome) == [.cancelled])
            #expect(rig.recorder.records.map(\.status) == [499])
        }
    }

    @Test func `a client that leaves a stream is recorded as gone, once`() async throws {
        let left = Signal()
        let endless: TestVendor.Answer = { _, responder in
            let writer = responder.stream(status: 200, headers: TestVendor.eventStream)
            try? await writer.write(Array(chunk("a").utf8))
            await left.wait()
            writer.finish()
        }
        try await withRig(vendor: endless) { rig in
            await rig.start {
                guard case .stream(let stream, _)? = try? await rig.pipeline.chat(rig.call(stream: true), on: rig.lane)
                else { return fail("no stream") }
                guard case .bytes = await stream.next() else { return fail("no first piece") }
                await stream.clientLeft()
                await stream.clientLeft()
                guard case .end = await stream.next() else { return fail("a stream left does not go on") }
            }.value
            left.fire()
            #expect(rig.recorder.records.map(\.outcome) == [.cancelled])
            #expect(rig.recorder.records.map(\.status) == [200])
            #expect(rig.recorder.records.map(\.errorReason) == ["client_closed"])
        }
    }

    @Test func `what does not reach a vendor leaves no record`() async throws {
        try await withRig { rig in
            let unknown = try await #require(throws: GatewayError.self) { try await rig.whole("openai/nothing").get() }
            #expect(unknown.reason == .modelNotFound)
            #expect(unknown.param == "model")
            let long = "e" + String(repeating: "\u{301}", count: 100_000)
            let cut = try await #require(throws: GatewayError.self) { try await rig.whole(long).get() }
            #expect(cut.message.utf8.count < 1000)
            #expect(rig.recorder.records.isEmpty)
        }
        try await withRig(isConfigured: false) { rig in
            let error = try await #require(throws: GatewayError.self) { try await rig.whole().get() }
            #expect(error.reason == .providerNotConfigured)
            #expect(rig.recorder.records.isEmpty)
        }
    }
}

extension Rig {
    /// The reason a call came to nothing.
    fileprivate func pipelineOutcome(stream: Bool) async -> ErrorReason? {
        do throws(GatewayError) {
            _ = try await pipeline.chat(call(stream: stream), on: lane)
            return nil
        } catch {
            return error.reason
        }
    }
}
