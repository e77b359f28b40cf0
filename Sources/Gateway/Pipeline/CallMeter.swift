import Dialects
import Domain
import Metering
import OperatingSystem
import Providers
import Telemetry

/// The record of one call while it runs, and the money held for it. Settled exactly once, whichever way it ends.
struct CallMeter: ~Copyable {
    private var record: CallRecord
    private let reservation: Reservation
    private let priceVersion: String?
    private let recorder: any CallRecorder
    private let beganAt: UInt64
    /// What the vendor was let in with: a vendor may repeat it, and no caller may read that.
    let vendorKey: Secret?
    private static let clock = SystemClock()

    init(
        _ call: borrowing InferenceCall, _ admission: Admission, reservation: consuming Reservation,
        recorder: any CallRecorder
    ) {
        let model = admission.model
        self.init(
            call,
            Subject(
                model: model.id, provider: admission.provider.id, upstreamModel: model.upstreamName,
                priceVersion: model.priceVersion, vendorKey: admission.ownKey ?? admission.provider.key,
                isOnOwnKey: admission.ownKey != nil, tag: admission.tag),
            isStream: admission.chat.wishes.isStream, reservation: reservation, recorder: recorder)
    }

    init(
        _ call: borrowing InferenceCall, _ plain: PlainCall, tag: String?, reservation: consuming Reservation,
        recorder: any CallRecorder
    ) {
        self.init(
            call,
            Subject(
                model: plain.model?.id ?? ModelID(plain.modelName), provider: plain.provider,
                upstreamModel: plain.model?.upstreamName ?? plain.modelName, priceVersion: plain.model?.priceVersion,
                vendorKey: plain.vendorKey, isOnOwnKey: plain.isOnOwnKey, tag: tag),
            isStream: false, reservation: reservation, recorder: recorder)
    }

    private struct Subject {
        let model: ModelID
        let provider: ProviderID
        let upstreamModel: String
        let priceVersion: String?
        let vendorKey: Secret?
        let isOnOwnKey: Bool
        let tag: String?
    }

    private init(
        _ call: borrowing InferenceCall, _ subject: Subject, isStream: Bool, reservation: consuming Reservation,
        recorder: any CallRecorder
    ) {
        self.recorder = recorder
        vendorKey = subject.vendorKey
        let rule = reservation.rule
        cost = { rule.charge(for: $0, priceVersion: nil).knownCost }
        self.reservation = reservation
        priceVersion = subject.priceVersion
        beganAt = call.arrivedAt
        record = CallRecord(
            requestID: call.requestID, accountID: call.principal.accountID, keyID: call.principal.keyID,
            model: subject.model, provider: subject.provider, upstreamModel: subject.upstreamModel,
            startedAt: Timestamp(microseconds: Self.clock.wallMicroseconds()), durationMicroseconds: 0,
            firstByteMicroseconds: nil, streamed: isStream, outcome: .failed, status: 0, errorReason: nil,
            usage: TokenUsage(), usageSource: .none, tag: subject.tag,
            charge: Charge(payer: call.principal.payer.id, isOnOwnKey: subject.isOnOwnKey))
    }

    /// What usage costs the caller; nil where no price is known.
    let cost: @Sendable (TokenUsage) -> Nanodollars?

    var rates: RateStanding { reservation.rates }

    /// The upstream began to answer: from here something may have been used.
    mutating func firstByte() {
        record.firstByteMicroseconds = elapsed()
        record.usageSource = .unknown
    }

    /// For calls whose answers tell by themselves what they are.
    mutating func streams() {
        record.streamed = true
    }

    /// What the vendor counted, or our own estimate when it told nothing. Returns what that costs.
    @discardableResult
    mutating func used(_ reported: TokenUsage?, orElse estimate: @autoclosure () -> TokenUsage) -> Charge {
        record.usage = reported ?? estimate()
        record.usageSource =
            switch reported {
            case nil: .estimated
            case let reported?: reported.addsUp ? .reported : .mismatched
            }
        record.charge = reservation.charge(for: record.usage, priceVersion: priceVersion)
        return record.charge
    }

    /// Returns when the record is committed. The caller may send the last byte then, not before.
    consuming func settle(_ outcome: CallOutcome, status: Int, error: ErrorReason? = nil) async throws(GatewayError) {
        record.outcome = outcome
        record.status = status
        record.errorReason = error?.rawValue
        record.durationMicroseconds = elapsed()
        do {
            try await recorder.record(record)
        } catch {
            reservation.release()
            throw Self.notRecorded
        }
        if outcome == .failed {
            reservation.release()
        } else {
            reservation.settle(record.charge, tokens: record.usage.totalTokens)
        }
    }

    static let notRecorded = GatewayError(
        .recordFailed,
        "The call could not be recorded, so it is not answered. Try again later.",
        retryAfterSeconds: 1)

    private borrowing func elapsed() -> Int64 {
        Int64((Self.clock.monotonicNanoseconds() &- beganAt) / 1000)
    }
}
