import Testing

@testable import SQLite

@Suite("Statements")
struct StatementTests {
    let directory: TemporaryDirectory
    let database: Database

    init() throws {
        directory = try TemporaryDirectory()
        database = try Database(path: directory.file(), mode: .create)
        try database.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, value)")
    }

    @Test(arguments: [Int64.min, -1, 0, 1, 255, .max])
    func `integers come back as they were bound`(_ number: Int64) throws {
        try database.run("INSERT INTO things (value) VALUES (?1)", .integer(number))
        let read = try database.statement("SELECT value FROM things").first { row in row.integer(at: 0) }
        #expect(read == number)
    }

    @Test(arguments: [0.0, -1.5, .pi, .greatestFiniteMagnitude])
    func `floating point numbers come back as they were bound`(_ number: Double) throws {
        try database.run("INSERT INTO things (value) VALUES (?1)", .real(number))
        let read = try database.statement("SELECT value FROM things").first { row in row.real(at: 0) }
        #expect(read == number)
    }

    @Test(arguments: [
        "", "a", "fifteen bytes..", "sixteen bytes...", "zwölf Boxkämpfer 🥊", "before\0after",
        String(repeating: "x", count: Statement.inlineTextBytes),
        String(repeating: "y", count: Statement.inlineTextBytes + 1),
    ])
    func `text comes back as it was bound`(_ text: String) throws {
        try database.run("INSERT INTO things (value) VALUES (?1)", .text(text))
        let (read, kind) = try #require(
            try database.statement("SELECT value, typeof(value) FROM things")
                .first { row in (row.text(at: 0), row.text(at: 1)) })
        #expect(read == text)
        #expect(kind == "text")
    }

    @Test(arguments: [[], [0], [1, 0, 255], Array(repeating: 7, count: 5_000)] as [[UInt8]])
    func `bytes come back as they were bound`(_ bytes: [UInt8]) throws {
        try database.run("INSERT INTO things (value) VALUES (?1)", .blob(bytes))
        let (read, kind) = try #require(
            try database.statement("SELECT value, typeof(value) FROM things")
                .first { row in (row.blob(at: 0), row.text(at: 1)) })
        #expect(read == bytes)
        #expect(kind == "blob")
    }

    @Test func `null is told from zero and from empty text`() throws {
        let insert = try database.statement("INSERT INTO things (value) VALUES (?1)")
        try insert.bind(nil as String?, at: 1)
        try insert.run()
        try insert.bind(nil as Int64?, at: 1)
        try insert.run()
        try insert.bind("", at: 1)
        try insert.run()
        let nulls = try database.statement("SELECT value FROM things ORDER BY id").rows { row in row.isNull(at: 0) }
        let texts = try database.statement("SELECT value FROM things ORDER BY id")
            .rows { row in row.optionalText(at: 0) }
        #expect(nulls == [true, true, false])
        #expect(texts == [nil, nil, ""])
    }

    @Test func `more text than fits beside the statement is bound whole`() throws {
        let texts = ["first", String(repeating: "m", count: Statement.inlineTextBytes - 3), "third"]
        let select = try database.statement("SELECT ?1, ?2, ?3")
        for (index, text) in texts.enumerated() { try select.bind(text, at: Int32(index + 1)) }
        let read = try select.first { row in [row.text(at: 0), row.text(at: 1), row.text(at: 2)] }
        #expect(read == texts)
    }

    @Test func `nothing stays bound after a run`() throws {
        let select = try database.statement("SELECT ?1")
        try select.bind("secret", at: 1)
        try select.run()
        #expect(try select.first { row in row.isNull(at: 0) } == true)
    }

    @Test func `the same SQL gives the same statement`() throws {
        let first = try database.statement("SELECT 1")
        let second = try database.statement("SELECT 1")
        #expect(first === second)
    }

    @Test func `a statement that is being read is not handed out again`() throws {
        for number in 1...3 { try database.run("INSERT INTO things (value) VALUES (?1)", .integer(Int64(number))) }
        let pairs = try database.statement("SELECT value FROM things").rows { (row) throws(SQLiteError) in
            let inner = try database.statement("SELECT value FROM things").rows { row in row.integer(at: 0) }
            return "\(row.integer(at: 0)): \(inner)"
        }
        #expect(pairs == ["1: [1, 2, 3]", "2: [1, 2, 3]", "3: [1, 2, 3]"])
    }

    @Test func `a statement keeps its connection alive`() throws {
        let other = directory.file("other.db")
        let select = try Database(path: other, mode: .create).statement("SELECT 42")
        #expect(try select.first { row in row.integer(at: 0) } == 42)
    }

    @Test func `an error in the body leaves no statement open`() throws {
        try database.run("INSERT INTO things (value) VALUES (1)")
        let select = try database.statement("SELECT value FROM things")
        #expect(throws: SQLiteError.self) {
            try select.rows { (_) throws(SQLiteError) in throw SQLiteError.corruptValue("things.value") }
        }
        #expect(!select.isRunning)
    }

    @Test func `a column that does not exist reads as null`() throws {
        let read = try database.statement("SELECT 1").first { row in (row.isNull(at: 9), row.text(at: 9)) }
        #expect(read?.0 == true)
        #expect(read?.1 == "")
    }
}
