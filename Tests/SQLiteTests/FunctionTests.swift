import Testing

@testable import SQLite

@Suite("Functions, assembled SQL and limits of work")
struct FunctionTests {
    let directory: TemporaryDirectory
    let database: Database

    init() throws {
        directory = try TemporaryDirectory()
        database = try Database(path: directory.file(), mode: .create)
        try database.execute(
            "CREATE TABLE things (value); INSERT INTO things VALUES ('abc'), (x'0061'), (NULL), (''), (12)")
    }

    @Test func `a test sees the bytes of texts and blobs and is not asked about nulls`() throws {
        try database.define(test: "begins") { bytes, number in bytes.count > 0 && Int64(bytes[0]) == number }
        let select = try database.prepare("SELECT begins(value, ?) FROM things")
        try select.bind([.integer(0x61)])
        #expect(try select.rows { row in row.optionalInteger(at: 0) } == [1, 0, nil, 0, 0])
        try select.bind([.integer(0)])
        #expect(try select.rows { row in row.optionalInteger(at: 0) } == [0, 1, nil, 0, 0])
    }

    @Test func `a map turns numbers into numbers`() throws {
        try database.define(map: "plus") { value, number in value &+ number }
        let select = try database.prepare("SELECT plus(?, ?), plus(NULL, 1)")
        try select.bind([.integer(.max), .integer(1)])
        #expect(try select.first { row in [row.optionalInteger(at: 0), row.optionalInteger(at: 1)] } == [.min, nil])
    }

    @Test func `a function is let go of with its connection, or when it is defined again`() throws {
        final class Witness {}
        weak var first: Witness?
        weak var second: Witness?
        do {
            let database = try Database(path: directory.file(), mode: .readOnly)
            let (one, two) = (Witness(), Witness())
            (first, second) = (one, two)
            try database.define(map: "same") { value, _ in withExtendedLifetime(one) { value } }
            try database.define(map: "same") { value, _ in withExtendedLifetime(two) { value } }
        }
        #expect(first == nil)
        #expect(second == nil)
    }

    @Test func `the schema cannot call a function`() throws {
        try database.define(map: "same") { value, _ in value }
        try database.execute("CREATE VIEW bad AS SELECT same(1, 1)")
        #expect(throws: SQLiteError.self) { try database.statement("SELECT * FROM bad").run() }
    }

    @Test func `SQL is put together from literals`() throws {
        var sql: SQLText = "SELECT 1"
        sql += " + ?"
        sql = sql + SQLText(" AS sum")
        let select = try database.prepare(sql)
        try select.bind([.integer(2)])
        #expect(try select.first { row in row.integer(at: 0) } == 3)
    }

    @Test func `too much work is stopped and the next statement runs`() throws {
        let count: StaticString = """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT count(*) FROM n
            """
        let error = #expect(throws: SQLiteError.self) {
            try database.limitingWork(steps: 1_000_000) { () throws(SQLiteError) in try database.statement(count).run()
            }
        }
        #expect(error?.code == .interrupted)
        let counted = try database.limitingWork(steps: 100_000_000) { () throws(SQLiteError) in
            try database.statement(count).first { row in row.integer(at: 0) }
        }
        #expect(counted == 1_000_000)
        #expect(try database.statement(count).first { row in row.integer(at: 0) } == 1_000_000)
    }
}
