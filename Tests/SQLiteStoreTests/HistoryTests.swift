import Domain
import SQLite
import Testing

@testable import SQLiteStore

@Suite("What accounts paid and what hours cost")
struct HistoryTests {
    private let directory: TemporaryDirectory
    private let clock: HandClock
    private let store: SQLiteStore
    private let sub = AccountID("acc_sub")

    init() throws {
        directory = try TemporaryDirectory()
        clock = try HandClock("2026-01-30")
        store = try SQLiteStore.open(directory: directory.path, clock: clock)
        try store.insert(Samples.account)
        try store.insert(
            Account(id: sub, name: "Sub", createdAt: Timestamp(seconds: 1_700_000_002), parentID: Account.root))
    }

    private func pay(_ cents: Int64, _ kind: PostingKind, reference: String) throws {
        let transfer = try #require(
            Transfer(Nanodollars(cents * Nanodollars.perCent), from: .cash, to: .wallet(Account.root)))
        _ = try store.post(Posting(kind, of: Account.root, [transfer], reference: reference))
    }

    @Test func `postings of a kind come newest first and no more than asked for`() throws {
        for number in 1...5 { try pay(Int64(number), .topUp, reference: "stripe:pi_\(number)") }
        try pay(9, .adjustment, reference: "api:x")
        let found = try store.postings(of: Account.root, kind: .topUp, limit: 3)
        #expect(found.map(\.posting.reference) == ["stripe:pi_5", "stripe:pi_4", "stripe:pi_3"])
        #expect(found[0].posting.transfers.map(\.amount) == [Nanodollars(5 * Nanodollars.perCent)])
        #expect(try store.postings(of: Account.root, kind: .adjustment, limit: 3).count == 1)
        #expect(try store.postings(of: sub, kind: .topUp, limit: 3).isEmpty)
        #expect(try store.postings(of: Account.root, kind: .topUp, limit: -1).isEmpty)
    }

    @Test func `hours are summed by whom they are asked for`() async throws {
        let nothing = try store.hourlySpending(
            payer: Account.root, accountID: nil, from: Timestamp(seconds: 0), before: Timestamp(seconds: 1 << 40))
        #expect(nothing == HourlySpending())
        try await store.record(Samples.call("req_1", cost: 5, key: "a"))
        try await store.record(Samples.call("req_2", cost: 7, key: "b"))
        try clock.set("2026-01-31")
        try await store.record(Samples.call("req_3", cost: 11, account: sub, key: "s"))
        try await store.record(Samples.call("req_4", cost: 99, payer: AccountID("acc_other"), key: "o"))
        let first = try #require(CalendarDay("2026-01-30")).unixSeconds
        let second = first + 86_400
        func costs(_ account: AccountID?, _ start: Int, _ end: Int) throws -> [Int64] {
            let found = try store.hourlySpending(
                payer: Account.root, accountID: account, from: Timestamp(seconds: Int64(start)),
                before: Timestamp(seconds: Int64(end)))
            #expect(found.completeSince == nil)
            return found.costs.sorted { $0.key < $1.key }.map(\.value.rawValue)
        }
        #expect(try costs(nil, first, second + 86_400) == [12, 11])
        #expect(try costs(sub, first, second + 86_400) == [11])
        #expect(try costs(nil, first, second) == [12])
        let all = try store.hourlySpending(
            payer: Account.root, accountID: nil, from: Timestamp(seconds: Int64(first)),
            before: Timestamp(seconds: Int64(second)))
        #expect(all.costs.keys.allSatisfy { (Int64(first / 3_600)..<Int64(second / 3_600)).contains($0) })
    }
}
