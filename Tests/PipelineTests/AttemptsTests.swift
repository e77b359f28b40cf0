import Domain
import HTTPCore
import HTTPServer
import InferenceRig
import Synchronization
import Testing

@testable import Pipeline

private final class Counter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}

@Suite("Attempts", .timeLimit(.minutes(1)))
struct AttemptsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let script: [ScriptedVendor.Line]
        var most = 3
        let asked: Int
        /// Nil for an answer.
        let fails: ErrorReason?
        var pauses: [UInt64] = []

        var testDescription: String { "\(script), \(most) at most" }
    }

    static let cases: [Case] = [
        Case(script: [], asked: 1, fails: nil),
        Case(script: [.status(500)], asked: 2, fails: nil, pauses: [100]),
        Case(script: [.status(503), .status(502)], asked: 3, fails: nil, pauses: [100, 200]),
        Case(script: [.status(500), .status(500), .status(500)], asked: 3, fails: .providerError, pauses: [100, 200]),
        Case(script: [.status(500)], most: 1, asked: 1, fails: .providerError),
        Case(script: [.status(408)], asked: 2, fails: nil, pauses: [100]),
        Case(script: [.status(409)], asked: 2, fails: nil, pauses: [100]),
        Case(script: [.status(429)], asked: 2, fails: nil, pauses: [100]),
        Case(script: [.status(429, retryAfter: "7")], asked: 2, fails: nil, pauses: [7_000]),
        // Nobody waits for an hour: the next thing to try may be better.
        Case(script: [.status(429, retryAfter: "3600")], asked: 1, fails: .upstreamSaturated),
        Case(script: [.status(400)], asked: 1, fails: .upstreamRejected),
        Case(script: [.status(401)], asked: 1, fails: .providerError),
        Case(script: [.status(404)], asked: 1, fails: .upstreamRejected),
        Case(script: [.reset(afterFirstByte: false)], asked: 2, fails: nil, pauses: [100]),
        Case(script: [.silence], asked: 2, fails: nil, pauses: [100]),
    ]

    @Test(arguments: cases, [false, true])
    func `a provider is asked again when that may help`(case expected: Case, isStream: Bool) async throws {
        let vendor = ScriptedVendor(expected.script)
        let pauses = Mutex<[UInt64]>([])
        try await withRig(
            pause: { time in pauses.withLock { $0.append(time) } }, vendor: vendor.answer(isStream: isStream)
        ) { rig in
            let plan = RetryPlan(
                maximumAttempts: expected.most, delayMilliseconds: 100, backoff: .linear, timeoutMilliseconds: 150)
            let result = await rig.whole(stream: isStream, retries: plan)
            switch result {
            case .success: #expect(expected.fails == nil)
            case .failure(let error): #expect(error.reason == expected.fails)
            }
            #expect(vendor.count == expected.asked)
            #expect(pauses.withLock { $0 } == expected.pauses)
            #expect(rig.recorder.records.count == 1)
            #expect(rig.recorder.records.map(\.outcome) == [expected.fails == nil ? .complete : .failed])
        }
    }

    @Test func `what was sent is not taken back: a stream that breaks after its first byte is not tried again`()
        async throws
    {
        let vendor = ScriptedVendor([.reset(afterFirstByte: true)])
        try await withRig(vendor: vendor.answer(isStream: true)) { rig in
            let result = await rig.whole(stream: true, retries: RetryPlan(maximumAttempts: 3))
            #expect(throws: GatewayError.self) { try result.get() }
            #expect(vendor.count == 1)
            #expect(rig.recorder.records.map(\.outcome) == [.partial])
        }
    }

    @Test func `a whole answer that breaks in the middle is tried again: its client has seen nothing`() async throws {
        let vendor = ScriptedVendor([.reset(afterFirstByte: true)])
        try await withRig(vendor: vendor.answer(isStream: false)) { rig in
            let result = await rig.whole(retries: RetryPlan(maximumAttempts: 2))
            #expect(throws: Never.self) { try result.get() }
            #expect(vendor.count == 2)
        }
    }

    @Test func `the last of several attempts may take its time`() async throws {
        let (arrived, mayAnswer, asked) = (Signal(), Signal(), Counter())
        let vendor: TestVendor.Answer = { _, responder in
            switch asked.next() {
            case 1, 3: await Signal().wait()
            case 2:
                arrived.fire()
                await mayAnswer.wait()
            default: mayAnswer.fire()
            }
            responder.send(HTTPResponse(status: 200, body: Array(completion.utf8)))
        }
        try await withRig(vendor: vendor) { rig in
            let plan = RetryPlan(maximumAttempts: 2, timeoutMilliseconds: 30)
            async let patient = rig.whole(retries: plan)
            await arrived.wait()
            // Begun later, with the same time for its first attempt: when its second comes, that time is over.
            let other = await rig.whole(retries: plan)
            #expect(throws: Never.self) { try other.get() }
            let answer = await patient
            #expect(throws: Never.self) { try answer.get() }
        }
    }

    @Test func `an attempt that is alone has no more time than the plan says`() async throws {
        let vendor = ScriptedVendor([.silence])
        try await withRig(vendor: vendor.answer(isStream: false)) { rig in
            let result = await rig.whole(retries: RetryPlan(maximumAttempts: 1, timeoutMilliseconds: 30))
            guard case .failure(let error) = result else { return fail("an answer") }
            #expect(error.reason == .upstreamTimeout && vendor.count == 1)
        }
    }

    @Test(
        arguments: [
            (RetryPlan.Backoff.constant, [100, 100, 100]), (.linear, [100, 200, 300]), (.exponential, [100, 200, 400]),
        ] as [(RetryPlan.Backoff, [UInt64])])
    func `delays follow the plan to the millisecond`(backoff: RetryPlan.Backoff, delays: [UInt64]) {
        let plan = RetryPlan(maximumAttempts: 4, delayMilliseconds: 100, backoff: backoff)
        #expect((1...3).map { plan.delay(afterFailures: $0) } == delays)
        let long = RetryPlan(maximumAttempts: 5, delayMilliseconds: .max, backoff: backoff)
        #expect(long.delay(afterFailures: 4) == 60_000)
    }

    @Test func `what a vendor said is kept for dialects that pass it on, but not what it said of our key`() async throws
    {
        for (status, isKept) in [(418, true), (401, false)] {
            let vendor = ScriptedVendor([.status(status)])
            try await withRig(isSandbox: false, vendor: vendor.answer(isStream: false)) { rig in
                guard case .failure(let error) = await rig.whole() else { return fail("an answer") }
                #expect((error.vendorAnswer?.status == status) == isKept)
            }
        }
    }
}
