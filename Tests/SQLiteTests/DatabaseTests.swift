import Foundation
import Testing

@testable import SQLite

@Suite("Databases")
struct DatabaseTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func things(_ mode: Database.OpenMode = .create) throws -> Database {
        let database = try Database(path: directory.file(), mode: mode)
        if mode == .create { try database.execute("CREATE TABLE IF NOT EXISTS things (value UNIQUE)") }
        return database
    }

    private func count(_ database: Database) throws -> Int64? {
        try database.statement("SELECT count(*) FROM things").first { row in row.integer(at: 0) }
    }

    @Test func `a transaction commits when its body returns`() throws {
        let database = try things()
        let result = try database.transaction { () throws(SQLiteError) in
            try database.run("INSERT INTO things VALUES (1)")
            return "done"
        }
        #expect(result == "done")
        #expect(try count(try things(.readOnly)) == 1)
    }

    @Test func `a transaction rolls back when its body throws`() throws {
        let database = try things()
        #expect(throws: SQLiteError.self) {
            try database.transaction { () throws(SQLiteError) in
                try database.run("INSERT INTO things VALUES (1)")
                try database.run("INSERT INTO things VALUES (1)")
            }
        }
        #expect(try count(database) == 0)
        try database.transaction { () throws(SQLiteError) in try database.run("INSERT INTO things VALUES (1)") }
        #expect(try count(database) == 1)
    }

    @Test func `a transaction survives the rollback that a full disk forces`() throws {
        let database = try things()
        try database.setPragma(.maxPageCount, to: try database.pragma(.pageCount) + 2)
        let large = Value.blob(Array(repeating: 1, count: 100_000))
        let error = #expect(throws: SQLiteError.self) {
            try database.transaction { () throws(SQLiteError) in
                try database.run("INSERT INTO things VALUES (1)")
                try database.run("INSERT INTO things VALUES (?1)", large)
            }
        }
        #expect(error?.code == .diskFull)
        try database.setPragma(.maxPageCount, to: 1_000)
        try database.transaction { () throws(SQLiteError) in
            try database.run("INSERT INTO things VALUES (?1)", large)
        }
        #expect(try count(database) == 1)
    }

    @Test func `changed rows leave triggers out`() throws {
        let database = try things()
        try database.execute(
            """
            CREATE TABLE other (value);
            CREATE TRIGGER copy AFTER INSERT ON things BEGIN INSERT INTO other VALUES (1), (2); END;
            """)
        try database.run("INSERT INTO things VALUES (1)")
        #expect(database.changedRows == 1)
    }

    @Test func `a new file is readable by its owner only`() throws {
        let database = try things()
        #expect(try database.enableWriteAheadLog())
        try database.run("INSERT INTO things VALUES (1)")
        for name in ["test.db", "test.db-wal", "test.db-shm"] {
            #expect(try directory.mode(of: name) == 0o600, "\(name)")
        }
    }

    @Test func `the rights of others can be taken away`() throws {
        try Data().write(to: URL(fileURLWithPath: directory.file("open")))
        try FileManager.default.setAttributes([.posixPermissions: 0o464], ofItemAtPath: directory.file("open"))
        PrivateFile.restrictToOwner(directory.file("open"))
        PrivateFile.restrictToOwner(directory.file("missing"))
        #expect(try directory.mode(of: "open") == 0o400)
        #expect(!FileManager.default.fileExists(atPath: directory.file("missing")))
    }

    @Test(
        arguments: [
            (Pragma.userVersion, 7), (.applicationID, 0x4149_4757), (.foreignKeys, 1), (.cacheSize, -512),
            (.walAutocheckpoint, 50), (.journalSizeLimit, 4_096), (.trustedSchema, 0), (.synchronous, 2),
        ] as [(Pragma, Int64)])
    func `a pragma reads as it was set`(_ pragma: Pragma, _ value: Int64) throws {
        let database = try things()
        try database.setPragma(pragma, to: value)
        #expect(try database.pragma(pragma) == value)
    }

    @Test func `every pragma is one that SQLite knows`() throws {
        let database = try things()
        for pragma in Pragma.allCases {
            let known = try database.uncached("SELECT 1 FROM pragma_pragma_list WHERE name = '\(pragma.rawValue)'")
                .first { _ in true }
            #expect(known == true, "\(pragma)")
        }
    }

    @Test func `statements beyond the cache's limit still run`() throws {
        let database = try things()
        for number in 0..<(Database.statementCacheLimit + 5) {
            let statement = try database.statement(text: "SELECT \(number)")
            #expect(try statement.first { row in row.integer(at: 0) } == Int64(number))
        }
        let last = "SELECT \(Database.statementCacheLimit + 4)"
        let (first, second) = (try database.statement(text: last), try database.statement(text: last))
        #expect(first !== second)
    }
}
