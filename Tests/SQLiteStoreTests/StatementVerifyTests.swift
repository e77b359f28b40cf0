import Domain
import SQLite
import Testing

@testable import SQLiteStore

@Suite("Verifying statements")
struct StatementVerifyTests {
    let directory: TemporaryDirectory
    let store: SQLiteStore
    static let other = AccountID("acc_2")

    /// Three months of one account and two of another; statements of all of them but the running month.
    init() async throws {
        directory = try TemporaryDirectory()
        let clock = try HandClock("2026-01-10")
        store = try SQLiteStore.open(directory: directory.path, clock: clock)
        try store.insert(Samples.account)
        try store.insert(Account(id: Self.other, name: "two", createdAt: Timestamp(seconds: 1)))
        for (month, cost) in [("2026-01", 10), ("2026-02", 200), ("2026-03", 3_000)] as [(String, Int64)] {
            try clock.set(month + "-10")
            _ = try store.post(Samples.topUp(cost * 5, reference: month))
            try await store.record(Samples.call("a" + month, cost: cost))
            try await store.record(Samples.call("b" + month, cost: cost * 2, model: "m/two"))
            if month != "2026-01" {
                _ = try store.post(Samples.topUp(cost, reference: month + "-2", of: Self.other))
                try await store.record(Samples.call("c" + month, cost: cost / 2, payer: Self.other))
            }
        }
        for month in ["2025-12", "2026-01", "2026-02"] {
            for account in [Account.root, Self.other] {
                _ = try store.statement(of: account, month: #require(CalendarMonth(month)), now: clock.now())
            }
        }
    }

    private func verify(_ sql: StaticString? = nil) throws -> LedgerReport {
        if let sql { try Database(path: directory.file(), mode: .readWrite).execute(sql) }
        return try store.verify()
    }

    @Test func `untouched ones agree`() throws {
        let report = try verify()
        #expect(report.differences == [])
        #expect(report.statements == 3, "empty ones are not kept")
    }

    @Test(arguments: [
        Tampering(
            "UPDATE statements SET opening = opening + 1 WHERE month = '2026-02'",
            "statement of acc_2 for 2026-02 opens with 1, the journal says 0",
            "statement of acc_root for 2026-02 opens with 21, the journal says 20"),
        Tampering(
            "UPDATE statements SET closing = closing - 1 WHERE month = '2026-01'",
            "statement of acc_root for 2026-01 closes with 19, the journal says 20"),
        Tampering(
            "UPDATE statements SET month = '2025-11' WHERE month = '2026-01'",
            "statement of acc_root for 2025-11 closes with 20, the journal says 0",
            "postings are of the statement of acc_root for 2026-01, which does not exist",
            "charges are of the statement of acc_root for 2026-01, which does not exist"),
        Tampering(
            "DELETE FROM statement_postings WHERE month = '2026-01'",
            "statement of acc_root for 2026-01: its postings are not those of the journal"),
        Tampering(
            "UPDATE statement_postings SET posting_id = 5 WHERE account_id = 'acc_2'",
            "statement of acc_2 for 2026-02: its postings are not those of the journal"),
        Tampering(
            "UPDATE statement_charges SET cost = cost + 1 WHERE model = 'm/two' AND month = '2026-02'",
            "statement of acc_root for 2026-02: its charges are not those of the calls"),
        Tampering(
            "DELETE FROM statement_charges WHERE account_id = 'acc_2'",
            "statement of acc_2 for 2026-02: its charges are not those of the calls"),
        Tampering(
            "UPDATE statements SET month = 'soon' WHERE account_id = 'acc_2'",
            "a statement of acc_2 is of no month",
            "postings are of the statement of acc_2 for 2026-02, which does not exist",
            "charges are of the statement of acc_2 for 2026-02, which does not exist"),
        Tampering(
            "INSERT INTO statements VALUES ('acc_2', '2026-01', 0, 7)",
            "statement of acc_2 for 2026-01 closes with 7, the journal says 0"),
    ])
    func `tampering is found`(_ tampering: Tampering) throws {
        #expect(try verify(tampering.sql).differences.sorted() == tampering.differences.sorted())
    }

    @Test func `a journal that was changed since is told by the statements`() throws {
        let found = try verify(
            """
            DROP TRIGGER transfers_stay;
            UPDATE transfers SET amount = amount + 1 WHERE posting_id = 1
            """
        ).differences
        #expect(
            found.filter { $0.hasPrefix("statement") } == [
                "statement of acc_root for 2026-01 closes with 20, the journal says 21",
                "statement of acc_root for 2026-02 opens with 20, the journal says 21",
                "statement of acc_root for 2026-02 closes with 420, the journal says 421",
            ])
    }
}
