import Foundation
import Testing

@testable import SQLite

@Suite("SQLite's errors")
struct SQLiteErrorTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func code(_ body: () throws -> Void) -> SQLiteError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? SQLiteError)?.code
        }
    }

    @Test(arguments: [
        ("INSERT INTO things VALUES (1, 'a', 1, NULL)", SQLiteError.Constraint.unique),
        ("INSERT INTO things VALUES (2, 'taken', 1, NULL)", .unique),
        ("INSERT INTO things VALUES (2, NULL, 1, NULL)", .notNull),
        ("INSERT INTO things VALUES (2, 'b', 0, NULL)", .check),
        ("INSERT INTO things VALUES (2, 'b', 1, 99)", .foreignKey),
    ])
    func `broken rules are told apart`(_ sql: String, _ constraint: SQLiteError.Constraint) throws {
        let database = try Database(path: directory.file(), mode: .create)
        try database.setPragma(.foreignKeys, to: 1)
        try database.execute(
            """
            CREATE TABLE things (
                id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, size CHECK (size > 0),
                parent REFERENCES things (id));
            INSERT INTO things VALUES (1, 'taken', 1, NULL);
            """)
        #expect(code { try database.uncached(sql).run() } == .constraint(constraint))
    }

    @Test func `a unique constraint names its column and not the value`() throws {
        let database = try Database(path: directory.file(), mode: .create)
        try database.execute("CREATE TABLE things (name UNIQUE)")
        try database.run("INSERT INTO things VALUES (?1)", "hunter2")
        let error = #expect(throws: SQLiteError.self) {
            try database.run("INSERT INTO things VALUES (?1)", "hunter2")
        }
        #expect(error?.message == "UNIQUE constraint failed: things.name")
        #expect(error?.extendedCode == 2_067)
    }

    @Test func `a bound value never gets into the text`() throws {
        let database = try Database(path: directory.file(), mode: .create)
        let error = #expect(throws: SQLiteError.self) {
            // SQLite's own message quotes the path.
            try database.run("SELECT json_extract('{}', ?1)", "hunter2")
        }
        #expect(error?.code == .misuse)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func `writing through a read-only connection is refused`() throws {
        try Database(path: directory.file(), mode: .create).execute("CREATE TABLE things (value)")
        let database = try Database(path: directory.file(), mode: .readOnly)
        #expect(database.isReadOnly)
        #expect(code { try database.run("INSERT INTO things VALUES (1)") } == .readOnly)
    }

    @Test func `a lock held elsewhere is busy`() throws {
        let first = try Database(path: directory.file(), mode: .create)
        let second = try Database(path: directory.file(), mode: .readWrite)
        try first.execute("CREATE TABLE things (value); BEGIN IMMEDIATE")
        #expect(code { try second.run("INSERT INTO things VALUES (1)") } == .busy)
    }

    @Test func `a full database is told`() throws {
        let database = try Database(path: directory.file(), mode: .create)
        try database.execute("CREATE TABLE things (value)")
        try database.setPragma(.maxPageCount, to: try database.pragma(.pageCount))
        let large = Value.blob(Array(repeating: 1, count: 100_000))
        #expect(code { try database.run("INSERT INTO things VALUES (?1)", large) } == .diskFull)
    }

    @Test func `a missing file is not made unless asked`() throws {
        for mode in [Database.OpenMode.readOnly, .readWrite] {
            #expect(code { _ = try Database(path: directory.file("missing.db"), mode: mode) } == .cannotOpen)
        }
        #expect(!FileManager.default.fileExists(atPath: directory.file("missing.db")))
    }

    @Test func `a file of something else is not a database`() throws {
        try Data(repeating: 0x41, count: 8_192).write(to: URL(fileURLWithPath: directory.file()))
        let database = try Database(path: directory.file(), mode: .readWrite)
        #expect(code { _ = try database.pragma(.userVersion) } == .notADatabase)
    }

    @Test func `a damaged file is corrupt`() throws {
        do {
            let database = try Database(path: directory.file(), mode: .create)
            try database.execute("CREATE TABLE things (value)")
        }
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: directory.file()))
        try handle.seek(toOffset: 100)
        try handle.write(contentsOf: Data(repeating: 0xFF, count: 3_900))
        try handle.close()
        let database = try Database(path: directory.file(), mode: .readWrite)
        #expect(code { try database.run("SELECT * FROM things") } == .corrupt)
    }

    @Test func `too many values are misuse`() throws {
        let database = try Database(path: directory.file(), mode: .create)
        #expect(code { try database.run("SELECT ?1", 1, 2) } == .misuse)
    }

    @Test func `an empty statement is misuse`() throws {
        let database = try Database(path: directory.file(), mode: .create)
        #expect(code { try database.run("-- nothing") } == .misuse)
    }

    @Test(
        arguments: [
            (13, SQLiteError.Code.diskFull), (8, .readOnly), (776, .readOnly), (10, .ioError), (778, .ioError),
            (5, .busy), (6, .busy), (517, .busy), (11, .corrupt), (26, .notADatabase), (14, .cannotOpen),
            (18, .tooBig), (7, .outOfMemory), (21, .misuse), (2_067, .constraint(.unique)),
            (1_555, .constraint(.unique)), (9, .interrupted), (16, .other),
        ] as [(Int32, SQLiteError.Code)])
    func `codes are sorted by what a caller can do`(_ result: Int32, _ code: SQLiteError.Code) {
        #expect(SQLiteError(result).code == code)
    }
}
