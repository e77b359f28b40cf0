import SQLite

/// Gives texts of gateways their numbers: from memory, else from their table, which takes in new ones.
struct TextNumbers {
    /// Texts kept in memory; when there are more, all are forgotten and looked up again.
    static let mostInMemory = 50_000

    private struct Name: Hashable {
        let gateway: Int64
        let kind: TextKind
        let text: String
    }

    private let find: PreparedStatement
    private let insert: PreparedStatement
    private let database: Database
    private var known: [Name: Int64] = [:]
    /// Numbers handed out since a sweep began; nil when none is under way.
    private(set) var usedInSweep: Set<Int64>?

    init(_ database: Database) throws(SQLiteError) {
        self.database = database
        find = try database.statement("SELECT number FROM texts WHERE gateway = ?1 AND kind = ?2 AND text = ?3")
        insert = try database.statement("INSERT INTO texts (gateway, kind, text) VALUES (?1, ?2, ?3)")
    }

    mutating func number(of text: String, kind: TextKind, gateway: Int64) throws(SQLiteError) -> Int64 {
        let name = Name(gateway: gateway, kind: kind, text: TextKind.kept(text))
        if let number = known[name] {
            usedInSweep?.insert(number)
            return number
        }
        let number = try lookedUp(name)
        if known.count >= Self.mostInMemory { known.removeAll(keepingCapacity: true) }
        known[name] = number
        usedInSweep?.insert(number)
        return number
    }

    /// After a transaction that did not come to its end: numbers it gave out are not there.
    mutating func forget() {
        known.removeAll()
    }

    mutating func beginSweep() {
        usedInSweep = []
        known.removeAll()
    }

    mutating func endSweep() {
        usedInSweep = nil
        known.removeAll()
    }

    private func lookedUp(_ name: Name) throws(SQLiteError) -> Int64 {
        try bind(name, to: find)
        if let number = try find.first({ row in row.integer(at: 0) }) { return number }
        try bind(name, to: insert)
        try insert.run()
        return database.lastInsertedRow
    }

    private func bind(_ name: Name, to statement: PreparedStatement) throws(SQLiteError) {
        try statement.bind(name.gateway, at: 1)
        try statement.bind(name.kind.rawValue, at: 2)
        try statement.bind(name.text, at: 3)
    }
}
