public import Domain
import Synchronization

/// How the providers have answered lately, from the records of their calls. Writing to it is a few atomic steps.
public final class ProviderHealth: Sendable {
    private let trackers: [(provider: ProviderID, tracker: ProviderTracker)]
    private let clock: any WallClock

    /// Calls older than this say nothing about now.
    private static let windowSeconds: Int64 = 300
    /// With fewer failures than this nobody is declared down.
    private static let fewestFailures = 3

    public init(_ providers: [ProviderID], clock: any WallClock) {
        trackers = providers.map { ($0, ProviderTracker()) }
        self.clock = clock
    }

    public struct Report: Hashable, Sendable {
        public enum Status: String, Hashable, Sendable {
            case operational, degraded, down
        }

        public let provider: ProviderID
        public let status: Status
        /// The median time to the first byte; nil when no call has answered lately.
        public let medianFirstByteMilliseconds: Int?
        /// Failed calls for a thousand; nil when there were none lately.
        public let errorsPerThousand: Int?
        /// When the latest call ended.
        public let checkedAt: Timestamp?
    }

    func note(_ record: CallRecord) {
        guard let tracker = trackers.first(where: { $0.provider == record.provider })?.tracker else { return }
        let hasFailed = Self.failures.contains(record.errorReason ?? "")
        // A client that leaves before the first byte tells nothing about the provider.
        guard hasFailed || record.firstByteMicroseconds != nil else { return }
        let milliseconds = record.firstByteMicroseconds.map { $0 / 1_000 }
        tracker.note(
            ProviderTracker.Observation(
                seconds: record.startedAt.seconds + record.durationMicroseconds / 1_000_000, hasFailed: hasFailed,
                firstByteMilliseconds: milliseconds.map { Int($0) }))
    }

    public func reports() -> [Report] {
        let since = clock.now().seconds - Self.windowSeconds
        return trackers.map { Self.report($0.provider, $0.tracker.observations().filter { $0.seconds >= since }) }
    }

    /// What a provider is to blame for.
    private static let failures: Set<String> = [
        ErrorReason.providerError.rawValue, ErrorReason.upstreamSaturated.rawValue,
        ErrorReason.upstreamTimeout.rawValue,
    ]

    private static func report(_ provider: ProviderID, _ recent: [ProviderTracker.Observation]) -> Report {
        let failed = recent.count(where: \.hasFailed)
        let times = recent.filter { !$0.hasFailed }.compactMap(\.firstByteMilliseconds).sorted()
        let perThousand = recent.isEmpty ? nil : failed * 1_000 / recent.count
        let status: Report.Status =
            switch perThousand ?? 0 {
            case 500... where failed >= fewestFailures: .down
            case 50...: .degraded
            default: .operational
            }
        return Report(
            provider: provider, status: status,
            medianFirstByteMilliseconds: times.isEmpty ? nil : times[times.count / 2],
            errorsPerThousand: perThousand,
            checkedAt: recent.map(\.seconds).max().map { Timestamp(seconds: $0) })
    }
}

/// The latest calls to one provider, in a ring of atomic words.
private final class ProviderTracker: Sendable {
    struct Observation {
        let seconds: Int64
        let hasFailed: Bool
        let firstByteMilliseconds: Int?
    }

    private static let size = 128
    private let slots: InlineArray<128, Atomic<UInt64>> = InlineArray { _ in Atomic(0) }
    private let count = Atomic<Int>(0)

    // A slot: seconds in the upper half, then whether the call failed, then milliseconds and 1, or 0 for none.
    private static let failure: UInt64 = 1 << 31
    private static let mostMilliseconds = Int(failure) - 2

    func note(_ observation: Observation) {
        let position = count.add(1, ordering: .relaxed).oldValue
        let time = observation.firstByteMilliseconds.map { UInt64(max(0, min($0, Self.mostMilliseconds)) + 1) } ?? 0
        let seconds = UInt64(truncatingIfNeeded: observation.seconds) << 32
        slots[position & (Self.size - 1)].store(
            seconds | (observation.hasFailed ? Self.failure : 0) | time, ordering: .relaxed)
    }

    func observations() -> [Observation] {
        (0..<Self.size).compactMap { position in
            let word = slots[position].load(ordering: .relaxed)
            guard word != 0 else { return nil }
            let time = word & (Self.failure - 1)
            return Observation(
                seconds: Int64(word >> 32), hasFailed: word & Self.failure != 0,
                firstByteMilliseconds: time == 0 ? nil : Int(time) - 1)
        }
    }
}

/// Writes calls down where another recorder does, and lets the health of their providers follow.
public struct HealthNotingRecorder: CallRecorder {
    private let recorder: any CallRecorder
    private let health: ProviderHealth

    public init(_ recorder: any CallRecorder, health: ProviderHealth) {
        self.recorder = recorder
        self.health = health
    }

    public var canRecord: Bool { recorder.canRecord }

    public func record(_ record: CallRecord) async throws(StoreError) {
        health.note(record)
        try await recorder.record(record)
    }
}
