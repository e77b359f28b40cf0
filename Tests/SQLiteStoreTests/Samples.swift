import Domain
import SQLite
import Synchronization
import Testing

@testable import SQLiteStore

enum Samples {
    static let account = Account(id: Account.root, name: "Root", createdAt: Timestamp(seconds: 1_700_000_000))

    static func key(_ name: String, account: AccountID = Account.root, created: Int64 = 1_700_000_001) -> APIKey {
        APIKey(
            id: KeyID("key_\(name)"), accountID: account, name: name, prefix: "aig_\(name)",
            hash: Array("hash of \(name)".utf8), createdAt: Timestamp(seconds: created))
    }

    static func call(_ id: String) -> CallRecord {
        CallRecord(
            requestID: RequestID(id), accountID: Account.root, keyID: KeyID("key_a"),
            model: ModelID("openai/gpt-4o-mini"), provider: ProviderID("openai"), upstreamModel: "gpt-4o-mini",
            startedAt: Timestamp(microseconds: 1_700_000_000_123_456), durationMicroseconds: 812_345,
            firstByteMicroseconds: 312_345, streamed: true, outcome: .complete, status: 200, errorReason: nil,
            usage: TokenUsage(
                promptTokens: 120, completionTokens: 340, totalTokens: 460, cachedPromptTokens: 64,
                reasoningTokens: 128, cacheWriteTokens: 8, promptAudioTokens: 7, promptImageTokens: 6,
                completionAudioTokens: 5, completionImageTokens: 4),
            usageSource: .reported, tag: "team-a", charge: charge)
    }

    static let prices = TokenPrices(input: 150_000_000, output: 600_000_000, cacheRead: 75_000_000)

    /// Of the usage above: 56 at the input price, 64 from the cache and 340 out; 10 nano-dollars were not reserved.
    static let charge = Charge(
        payer: Account.root, cost: Nanodollars(217_190), vendorCost: Nanodollars(217_200), prices: prices,
        priceVersion: "2026-01")

    /// A call that costs exactly so much, without a price list.
    static func call(
        _ id: String, cost: Int64, payer: AccountID = Account.root, account: AccountID? = nil, key: String = "a",
        model: String = "openai/gpt-4o-mini", tag: String? = nil
    ) -> CallRecord {
        var call = call(id)
        call.accountID = account ?? payer
        call.keyID = KeyID("key_\(key)")
        call.model = ModelID(model)
        call.tag = tag
        call.charge = Charge(payer: payer, cost: Nanodollars(cost))
        return call
    }

    /// A payment of which the wallet gets everything.
    static func topUp(_ amount: Int64, reference: String, of account: AccountID = Account.root) throws -> Posting {
        let transfer = try #require(Transfer(Nanodollars(amount), from: .cash, to: .wallet(account)))
        return Posting(.topUp, of: account, [transfer], reference: reference, note: "paid by card")
    }
}

/// A clock that the test sets.
final class HandClock: WallClock {
    private let moment: Mutex<Timestamp>

    init(_ day: String) throws {
        moment = Mutex(try HandClock.noon(day))
    }

    func now() -> Timestamp { moment.withLock { moment in moment } }

    func set(_ day: String) throws {
        let noon = try HandClock.noon(day)
        moment.withLock { moment in moment = noon }
    }

    static func noon(_ day: String) throws -> Timestamp {
        Timestamp(seconds: Int64(try #require(CalendarDay(day)).unixSeconds + 43_200))
    }
}

extension SQLiteStore {
    /// Records many calls at once, each from its own task.
    func recordAll(_ ids: [String]) async throws {
        try await withThrowingTaskGroup { group in
            for id in ids {
                group.addTask { try await self.record(Samples.call(id)) }
            }
            try await group.waitForAll()
        }
    }
}

extension StoreError {
    var unusable: String? {
        if case .unusable(let text) = self { text } else { nil }
    }

    var notWritten: String? {
        if case .notWritten(let text) = self { text } else { nil }
    }

    var duplicate: String? {
        if case .duplicate(let text) = self { text } else { nil }
    }
}
