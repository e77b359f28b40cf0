import Domain
import SQLite
import Testing

@testable import SQLiteStore

/// A change that nobody should have made, and what is said of it.
struct Tampering: Sendable, CustomTestStringConvertible {
    let sql: StaticString
    let differences: [String]

    init(_ sql: StaticString, _ differences: String...) {
        self.sql = sql
        self.differences = differences
    }

    var testDescription: String { sql.description }
}

@Suite("Verifying the journal")
struct VerifyTests {
    let directory: TemporaryDirectory
    let store: SQLiteStore

    /// Two postings and three calls over two days; the last call costs nothing.
    init() async throws {
        directory = try TemporaryDirectory()
        let clock = try HandClock("2026-03-10")
        store = try SQLiteStore.open(directory: directory.path, clock: clock)
        try store.insert(Samples.account)
        _ = try store.post(Samples.topUp(900_000, reference: "r1"))
        try await store.record(Samples.call("req_1"))
        _ = try store.post(Samples.topUp(100_000, reference: "r2"))
        try clock.set("2026-03-11")
        try await store.record(Samples.call("req_2"))
        try await store.record(Samples.call("req_3", cost: 0))
    }

    private func change(_ sql: StaticString) throws {
        let database = try Database(path: directory.file(), mode: .readWrite)
        try database.execute(
            """
            PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;
            DROP TRIGGER transfers_stay; DROP TRIGGER transfers_remain;
            DROP TRIGGER postings_stay; DROP TRIGGER postings_remain
            """)
        try database.execute(sql)
    }

    @Test func `an untouched journal agrees`() throws {
        #expect(try store.verify() == LedgerReport(calls: 3, postings: 2, transfers: 6, differences: []))
    }

    @Test(
        arguments: [
            "UPDATE transfers SET amount = 1", "DELETE FROM transfers", "UPDATE postings SET note = ''",
            "DELETE FROM postings",
        ] as [StaticString]) func `the journal itself refuses changes`(_ sql: StaticString) throws
    {
        let database = try Database(path: directory.file(), mode: .readWrite)
        #expect(throws: SQLiteError.self) { try database.execute(sql) }
        #expect(try store.verify().differences == [])
    }

    @Test(arguments: [
        Tampering(
            "UPDATE balances SET amount = amount + 1 WHERE account = 'cash'",
            "balance of cash is -999999, the journal says -1000000", "the balances sum to 1 instead of zero"),
        Tampering(
            """
            UPDATE balances SET amount = amount + CASE account WHEN 'cash' THEN 5 ELSE -5 END
            WHERE account IN ('cash', 'shortfall')
            """,
            "balance of cash is -999995, the journal says -1000000",
            "balance of shortfall is -25, the journal says -20"),
        Tampering(
            "DELETE FROM balances WHERE account = 'shortfall'", "balance of shortfall is missing, the journal says -20",
            "the balances sum to 20 instead of zero"),
        Tampering(
            "INSERT INTO balances VALUES ('wallet:acc_x', 7), ('fee', -7)",
            "balance of fee is -7, the journal says 0", "balance of wallet:acc_x is 7, the journal says 0"),
        Tampering(
            "UPDATE transfers SET amount = amount + 1 WHERE id = 2",
            "balance of vendor:openai is 434400, the journal says 434401",
            "balance of wallet:acc_root is 565620, the journal says 565619",
            "call 1 (req_1): its transfers are not what it cost"),
        Tampering(
            "UPDATE transfers SET from_account = 'wallet:acc_x' WHERE id = 2",
            "balance of wallet:acc_root is 565620, the journal says 782810",
            "balance of wallet:acc_x is missing, the journal says -217190",
            "call 1 (req_1): its transfers are not what it cost"),
        Tampering(
            "DELETE FROM transfers WHERE call_id = 1", "balance of shortfall is -20, the journal says -10",
            "balance of vendor:openai is 434400, the journal says 217200",
            "balance of wallet:acc_root is 565620, the journal says 782810",
            "call 1 (req_1): its transfers are not what it cost"),
        Tampering(
            """
            INSERT INTO transfers (at, call_id, from_account, to_account, amount)
            SELECT (SELECT max(at) FROM transfers), call_id, from_account, to_account, amount FROM transfers
            WHERE call_id = 1 ORDER BY id;
            UPDATE balances SET amount = (
                SELECT sum(CASE WHEN to_account = account THEN amount ELSE -amount END) FROM transfers
                WHERE account IN (from_account, to_account))
            """, "call 1 (req_1): its transfers are there twice"),
        Tampering(
            "UPDATE transfers SET call_id = 9999 WHERE call_id = 1",
            "call 1 (req_1): its transfers are not what it cost",
            "transfers are of call 9999, which does not exist"),
        Tampering(
            "UPDATE transfers SET call_id = 3 WHERE call_id = 1", "call 1 (req_1): its transfers are not what it cost",
            "call 3 (req_3): its transfers are not what it cost"),
        Tampering("UPDATE transfers SET at = at + 1 WHERE id = 3", "transfer 4 is older than the one before it"),
        Tampering(
            "UPDATE transfers SET posting_id = 1 WHERE posting_id = 2", "posting 2 moves nothing"),
        Tampering("DELETE FROM postings WHERE id = 2", "transfers are of posting 2, which does not exist"),
        Tampering(
            "UPDATE calls SET cost = cost - 1 WHERE id = 2", "call 2 (req_2): its transfers are not what it cost",
            "usage of key_a with openai/gpt-4o-mini on 2026-03-11: 1 calls of 120+340 tokens for 217190+0 are written, "
                + "1 calls of 120+340 tokens for 217189+0 were made"),
        Tampering(
            "UPDATE calls SET vendor_cost = vendor_cost + 1 WHERE id = 2",
            "call 2 (req_2): its transfers are not what it cost",
            "call 2 (req_2): the vendor's cost is 217201, its prices say 217200"),
        Tampering(
            "UPDATE calls SET vendor_cost = NULL WHERE id = 2", "call 2 (req_2): its transfers are not what it cost",
            "call 2 (req_2): the vendor's cost is nothing, its prices say 217200"),
        Tampering(
            "UPDATE calls SET cached_prompt_tokens = 65 WHERE id = 2",
            "call 2 (req_2): the vendor's cost is 217200, its prices say 217125"),
        Tampering(
            "UPDATE calls SET payer = 'acc_x' WHERE id = 1", "call 1 (req_1): its transfers are not what it cost",
            "usage of key_a with openai/gpt-4o-mini on 2026-03-10: 1 calls of 120+340 tokens for 217190+0 are written, "
                + "no calls were made",
            "usage of key_a with openai/gpt-4o-mini on 2026-03-10: no calls are written, "
                + "1 calls of 120+340 tokens for 217190+0 were made"),
        Tampering(
            "UPDATE calls SET own_key = 1 WHERE id = 1", "call 1 (req_1): its transfers are not what it cost",
            "call 1 (req_1): it was made with the caller's own key and cost something",
            "usage of key_a with openai/gpt-4o-mini on 2026-03-10: 1 calls of 120+340 tokens for 217190+0 are written, "
                + "1 calls of 120+340 tokens for 0+217200 were made"),
        Tampering("UPDATE calls SET cost = -1 WHERE id = 3", "call 3 (req_3): its cost is below zero"),
        Tampering(
            "UPDATE calls SET cost = 217201 WHERE id = 1", "call 1 (req_1): its transfers are not what it cost",
            "call 1 (req_1): it cost 217201, its prices say 217200",
            "usage of key_a with openai/gpt-4o-mini on 2026-03-10: 1 calls of 120+340 tokens for 217190+0 are written, "
                + "1 calls of 120+340 tokens for 217201+0 were made"),
        Tampering(
            "DELETE FROM calls WHERE id = 1", "transfers are of call 1, which does not exist",
            "usage of key_a with openai/gpt-4o-mini on 2026-03-10: 1 calls of 120+340 tokens for 217190+0 are written, "
                + "no calls were made"),
        Tampering(
            "UPDATE calls SET committed_at = committed_at - 86400000000 WHERE id = 3",
            "usage of key_a with openai/gpt-4o-mini on 2026-03-11: 1 calls of 120+340 tokens for 0+0 are written, "
                + "no calls were made",
            "call 3 (req_3): written on an earlier day than the one before"),
        Tampering(
            "UPDATE usage_days SET requests = requests + 1 WHERE day = 20522",
            "usage of key_a with openai/gpt-4o-mini on 2026-03-10: 2 calls of 120+340 tokens for 217190+0 are written, "
                + "1 calls of 120+340 tokens for 217190+0 were made"),
        Tampering(
            "DELETE FROM usage_days WHERE day = 20522",
            "usage of key_a with openai/gpt-4o-mini on 2026-03-10: no calls are written, "
                + "1 calls of 120+340 tokens for 217190+0 were made"),
        Tampering(
            """
            INSERT INTO usage_days VALUES
                (20000, 'k', 'a', 'a', '', 'm', 'p', 1, 2, 3, 4, 5), (30000, 'k', 'a', 'a', '', 'm', 'p', 1, 2, 3, 4, 5)
            """,
            "usage of k with m on 2024-10-04: 1 calls of 2+3 tokens for 4+5 are written, no calls were made",
            "usage of k with m on 2052-02-20: 1 calls of 2+3 tokens for 4+5 are written, no calls were made"),
    ])
    func `tampering is found`(_ tampering: Tampering) throws {
        try change(tampering.sql)
        let found = try store.verify().differences
        #expect(found.sorted() == tampering.differences.sorted())
    }

    @Test func `a hundred differences are listed and the rest is counted`() async throws {
        try await store.recordAll((0..<120).map { number in "more_\(number)" })
        try change("UPDATE calls SET vendor_cost = vendor_cost + 1")
        let report = try store.verify()
        #expect(report.differences.count == 101)
        #expect(report.differences.last == "and 144 more")
        #expect(report.calls == 123)
    }

    @Test func `more calls than a page are checked in their order`() async throws {
        try await store.recordAll((0..<1_200).map { number in "more_\(number)" })
        #expect(try store.verify().differences == [])
        try change("UPDATE calls SET vendor_cost = 0, cost = 0 WHERE id = 1200")
        #expect(
            try store.verify().differences.first
                == "call 1200 (\(try id(of: 1200))): its transfers are not what it cost")
    }

    private func id(of row: Int64) throws -> String {
        try store.recentCalls(limit: 1, before: row + 1).first?.record.requestID.rawValue ?? ""
    }

    @Test func `calls go on while the journal is verified`() async throws {
        let store = store
        async let recording: Void = store.recordAll((0..<2_000).map { number in "more_\(number)" })
        var reports: [LedgerReport] = []
        for _ in 0..<5 { reports.append(try store.verify()) }
        try await recording
        #expect(reports.flatMap(\.differences) == [])
        #expect(try store.verify().calls == 2_003)
    }

    @Test func `a closed store does not verify`() throws {
        store.close()
        #expect(throws: StoreError.closed) { try store.verify() }
    }
}
