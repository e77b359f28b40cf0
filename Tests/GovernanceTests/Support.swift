import Domain
import JSON
import Synchronization

@testable import Governance

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() >> 33) % bound }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}

extension Timestamp {
    /// 2026-05-22 12:00:00 UTC, the beginning of a minute, an hour and a day's half.
    static let noon = Timestamp(seconds: 1_779_451_200)

    func adding(seconds: Int64) -> Timestamp { Timestamp(microseconds: microseconds + seconds * 1_000_000) }
    func adding(microseconds more: Int64) -> Timestamp { Timestamp(microseconds: microseconds + more) }
}

extension Nanodollars {
    static func cents(_ cents: Int64) -> Nanodollars { Nanodollars(cents * perCent) }
}

extension GatewayPlace {
    static let shop = GatewayPlace(account: AccountID("acc_1"), gateway: GatewayID("shop"))
    static let other = GatewayPlace(account: AccountID("acc_2"), gateway: GatewayID("shop"))
}

func call(
    _ provider: String = "openai", _ model: String = "gpt-5.4-mini", _ metadata: [(String, String)] = []
) -> SpendCall {
    SpendCall(
        provider: provider, model: model,
        metadata: CallMetadata(metadata.map { CallMetadata.Entry(key: $0.0, value: .text($0.1)) }))
}

func limits(_ rules: SpendRule...) -> SpendLimits {
    SpendLimits(isEnabled: true, rules: rules)
}

func rule(
    _ id: String = "r", cents: Int64 = 100, seconds: Int64 = 60, _ technique: GatewayRateLimit.Technique = .fixed,
    model: SpendRule.Dimension? = nil, provider: SpendRule.Dimension? = nil,
    metadata: [(String, SpendRule.Dimension)] = []
) -> SpendRule {
    SpendRule(
        id: id, limit: .cents(cents), window: ClockWindow(seconds: seconds, technique: technique), model: model,
        provider: provider,
        metadata: metadata.map { SpendRule.MetadataDimension(key: $0.0, dimension: $0.1) })
}

extension SpendGate {
    /// Nil when the call passes; it is settled at once.
    func spend(
        _ cost: Nanodollars, _ limits: SpendLimits, _ call: SpendCall = call(), in place: GatewayPlace = .shop,
        at now: Timestamp
    ) -> SpendRefusal? {
        do throws(SpendRefusal) {
            let hold = try reserve(limits, in: place, for: call, estimate: cost, at: now)
            hold.settle(cost, at: now)
            return nil
        } catch {
            return error
        }
    }
}

func parsed(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8))
}

extension WindowCounters {
    var heldCount: Int { book.withLock { $0.allCounters.reduce(0) { $0 + $1.holds } } }
    var counterCount: Int { book.withLock { $0.counterCount } }

    /// Whether the numbers that are kept are those that are there.
    var isConsistent: Bool {
        book.withLock { book in
            let meters = book.meters.values.reduce(0) { $0 + $1.count }
            let fits = book.allCounters.allSatisfy { $0.holds >= 0 && ($0.holds > 0 || $0.held == 0) }
            return book.counterCount == book.allCounters.count && book.meterCount == meters && fits
        }
    }
}

extension CounterBook {
    fileprivate var allCounters: [Meter.Counter] {
        meters.values.flatMap { $0.values.flatMap { $0.counters.values } }
    }
}
