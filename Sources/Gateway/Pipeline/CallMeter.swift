import Domain
import OperatingSystem

/// The record of one call while it runs. Settled exactly once, whichever way the call ends.
struct CallMeter: ~Copyable {
    private var record: CallRecord
    private let recorder: any CallRecorder
    private let beganAt: UInt64
    private var isSettled = false
    private static let clock = SystemClock()

    init(
        _ call: InferenceCall, model: Model, provider: ProviderID, isStream: Bool, recorder: any CallRecorder
    ) {
        self.recorder = recorder
        beganAt = call.arrivedAt
        record = CallRecord(
            requestID: call.requestID, accountID: call.principal.accountID, keyID: call.principal.keyID,
            model: model.id, provider: provider, upstreamModel: model.upstreamName,
            startedAt: Timestamp(microseconds: Self.clock.wallMicroseconds()), durationMicroseconds: 0,
            firstByteMicroseconds: nil, streamed: isStream, outcome: .failed, status: 0, errorReason: nil,
            usage: TokenUsage(), usageSource: .none)
    }

    /// The upstream began to answer: from here something may have been used.
    mutating func firstByte() {
        record.firstByteMicroseconds = elapsed()
        record.usageSource = .unknown
    }

    /// What the vendor counted, or our own estimate when it told nothing.
    mutating func used(_ reported: TokenUsage?, orElse estimate: @autoclosure () -> TokenUsage) {
        record.usage = reported ?? estimate()
        record.usageSource =
            switch reported {
            case nil: .estimated
            case let reported?: reported.addsUp ? .reported : .mismatched
            }
    }

    /// Returns when the record is committed. The caller may send the last byte then, not before.
    consuming func settle(_ outcome: CallOutcome, status: Int, error: ErrorReason? = nil) async throws(GatewayError) {
        isSettled = true
        record.outcome = outcome
        record.status = status
        record.errorReason = error?.rawValue
        record.durationMicroseconds = elapsed()
        do {
            try await recorder.record(record)
        } catch {
            throw GatewayError(
                .recordFailed, "The call could not be recorded, so it is not answered. Try again later.",
                retryAfterSeconds: 1)
        }
    }

    private borrowing func elapsed() -> Int64 {
        Int64((Self.clock.monotonicNanoseconds() &- beganAt) / 1000)
    }

    deinit {
        assert(isSettled, "a call ended without its record")
    }
}
