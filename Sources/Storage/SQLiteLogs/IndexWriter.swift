import Domain
import SQLite

/// Writes `logs.db`. Belongs to the writer's thread.
final class IndexWriter {
    let database: Database
    private let insert: PreparedStatement
    private let insertTag: PreparedStatement
    private let insertGateway: PreparedStatement
    private let updateGateway: PreparedStatement
    private let deleteEntry: PreparedStatement
    private let entryID: PreparedStatement
    var texts: TextNumbers
    private(set) var gateways: [GatewayKey: GatewayRow]
    /// What the transaction under way makes of gateways.
    private var changed: [GatewayKey: GatewayRow] = [:]

    init(_ database: Database) throws(SQLiteError) {
        self.database = database
        insert = try database.statement(EntryColumns.insert)
        insertTag = try database.statement(
            "INSERT OR IGNORE INTO tags (gateway, slot, tag, created, number) VALUES (?1, ?2, ?3, ?4, ?5)")
        insertGateway = try database.statement(
            "INSERT INTO gateways (account, gateway, entries, latest) VALUES (?1, ?2, 0, 0)")
        updateGateway = try database.statement("UPDATE gateways SET entries = ?2, latest = ?3 WHERE number = ?1")
        deleteEntry = try database.statement("DELETE FROM entries WHERE gateway = ?1 AND created = ?2 AND number = ?3")
        entryID = try database.statement("SELECT id FROM entries WHERE gateway = ?1 AND created = ?2 AND number = ?3")
        texts = try TextNumbers(database)
        gateways = try GatewayRow.all(in: database)
    }

    /// Writes all of them or none. Returns those that were not new.
    func write(_ batch: ArraySlice<PendingEntry>) throws(SQLiteError) -> [PendingEntry] {
        try transaction { () throws(SQLiteError) in
            var repeated: [PendingEntry] = []
            for pending in batch where try !write(pending.entry) { repeated.append(pending) }
            return repeated
        }
    }

    /// The ids of those of the entries that are there.
    func ids(_ keys: ArraySlice<EntryKey>, of gateway: GatewayKey) throws(SQLiteError) -> [LogID] {
        guard let row = gateways[gateway] else { return [] }
        var ids: [LogID] = []
        for key in keys {
            try entryID.bind([.integer(row.number), .integer(key.created), .integer(key.number)])
            if let id = try entryID.first({ row in LogID(row.text(at: 0)) }) { ids.append(id) }
        }
        return ids
    }

    /// Returns how many of them there were. Their tags stay until everything in their slot is gone.
    func delete(_ keys: ArraySlice<EntryKey>, of gateway: GatewayKey) throws(SQLiteError) -> Int {
        guard var row = gateways[gateway] else { return 0 }
        let before = row.entries
        try transaction { () throws(SQLiteError) in
            for key in keys {
                try deleteEntry.bind([.integer(row.number), .integer(key.created), .integer(key.number)])
                try deleteEntry.run()
                row.entries -= database.changedRows
            }
            changed[gateway] = row
        }
        return Int(before - row.entries)
    }

    /// Takes a gateway out of everything, unless it has entries again.
    func remove(_ gateway: GatewayKey) throws(SQLiteError) {
        guard let row = gateways[gateway], row.entries == 0 else { return }
        try transaction { () throws(SQLiteError) in
            try database.run("DELETE FROM tags WHERE gateway = ?1", .integer(row.number))
            try database.run("DELETE FROM texts WHERE gateway = ?1", .integer(row.number))
            try database.run("DELETE FROM gateways WHERE number = ?1", .integer(row.number))
        }
        gateways[gateway] = nil
        texts.forget()
    }

    /// Makes the tags findable by which an entry is looked up; those that are there stay.
    func write(_ tags: Set<Tag>, of key: EntryKey, gateway: Int64) throws(SQLiteError) {
        for tag in tags {
            try insertTag.bind([
                .integer(gateway), .integer(Tag.slot(of: key.number)), .integer(tag.value), .integer(key.created),
                .integer(key.number),
            ])
            try insertTag.run()
        }
    }

    /// Commits, or leaves everything as it was, also in memory.
    func transaction<Success>(_ body: () throws(SQLiteError) -> Success) throws(SQLiteError) -> Success {
        changed.removeAll(keepingCapacity: true)
        do throws(SQLiteError) {
            let success = try database.transaction { () throws(SQLiteError) in
                let success = try body()
                for row in changed.values {
                    try updateGateway.bind([.integer(row.number), .integer(row.entries), .integer(row.latest)])
                    try updateGateway.run()
                }
                return success
            }
            gateways.merge(changed) { _, new in new }
            return success
        } catch {
            texts.forget()
            throw error
        }
    }

    private func write(_ entry: GatewayLogEntry) throws(SQLiteError) -> Bool {
        let key = GatewayKey(account: entry.account, gateway: entry.gateway)
        var row = try gateway(key)
        row.latest += 1
        var numbers: [Int64?] = []
        numbers.reserveCapacity(TextKind.allCases.count)
        for kind in TextKind.allCases {
            guard let text = kind.text(of: entry) else {
                numbers.append(nil)
                continue
            }
            numbers.append(try texts.number(of: text, kind: kind, gateway: row.number))
        }
        try EntryColumns.bind(entry, gateway: row.number, number: row.latest, texts: numbers, to: insert)
        try insert.run()
        guard database.changedRows > 0 else { return false }
        row.entries += 1
        changed[key] = row
        let place = EntryKey(created: entry.createdAt.microseconds, number: row.latest)
        try write(Tag.tags(eventID: entry.eventID, metadata: entry.metadata), of: place, gateway: row.number)
        return true
    }

    private func gateway(_ key: GatewayKey) throws(SQLiteError) -> GatewayRow {
        if let row = changed[key] ?? gateways[key] { return row }
        try insertGateway.bind([.text(key.account.rawValue), .text(key.gateway.rawValue)])
        try insertGateway.run()
        let row = GatewayRow(number: database.lastInsertedRow, entries: 0, latest: 0)
        changed[key] = row
        return row
    }
}

extension GatewayRow {
    static func all(in database: Database) throws(SQLiteError) -> [GatewayKey: GatewayRow] {
        var found: [GatewayKey: GatewayRow] = [:]
        try database.prepare("SELECT account, gateway, number, entries, latest FROM gateways").eachRow { row in
            let key = GatewayKey(account: AccountID(row.text(at: 0)), gateway: GatewayID(row.text(at: 1)))
            found[key] = GatewayRow(row, at: 2)
        }
        return found
    }

    static func find(_ key: GatewayKey, in database: Database) throws(SQLiteError) -> GatewayRow? {
        let select = try database.statement(
            "SELECT number, entries, latest FROM gateways WHERE account = ?1 AND gateway = ?2")
        try select.bind([.text(key.account.rawValue), .text(key.gateway.rawValue)])
        return try select.first { row in GatewayRow(row, at: 0) }
    }

    private init(_ row: borrowing Row, at column: Int32) {
        self.init(
            number: row.integer(at: column), entries: row.integer(at: column + 1), latest: row.integer(at: column + 2))
    }
}
