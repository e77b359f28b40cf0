import Domain
import SQLite

/// Finds by their tags the few entries that can fit at all, when a filter names a value of metadata or an event id.
struct Candidates {
    /// Texts that one filter may name to be looked up.
    private static let mostTexts = 20

    let gateway: Int64
    let database: Database
    /// Of more entries than these none is picked.
    let most: Int

    /// Makes the place for them, in memory and for this connection alone.
    static func prepare(_ database: Database) throws(SQLiteError) {
        try database.execute(
            """
            PRAGMA temp_store = MEMORY;
            CREATE TEMP TABLE picked (
                created INTEGER NOT NULL,
                number INTEGER NOT NULL,
                PRIMARY KEY (created, number)
            ) STRICT, WITHOUT ROWID;
            """)
    }

    /// Picks them into `temp.picked`; false when no filter leads to few enough.
    func pick(for filters: [LogFilter]) throws(SQLiteError) -> Bool {
        for filter in filters where filter.operation == .equal {
            let tags: [Tag]
            switch filter.key {
            case .metadataValue: tags = filter.values.spellings.map { .metadataValue($0) }
            case .eventID: tags = filter.values.texts.map { .eventID($0) }
            default: continue
            }
            if tags.count <= Self.mostTexts, try pick(tags) { return true }
        }
        return false
    }

    /// Picks just these.
    static func pick(_ keys: [EntryKey], in database: Database) throws(SQLiteError) {
        try database.run("DELETE FROM temp.picked")
        let insert = try database.statement("INSERT OR IGNORE INTO temp.picked (created, number) VALUES (?1, ?2)")
        for key in keys {
            try insert.bind(key.created, at: 1)
            try insert.bind(key.number, at: 2)
            try insert.run()
        }
    }

    private func pick(_ tags: [Tag]) throws(SQLiteError) -> Bool {
        try database.run("DELETE FROM temp.picked")
        let insert = try database.statement(
            """
            WITH RECURSIVE slots (slot) AS (
                SELECT min(slot) FROM tags WHERE gateway = ?1
                UNION ALL
                SELECT slot + 1 FROM slots WHERE slot < (SELECT max(slot) FROM tags WHERE gateway = ?1)
            )
            INSERT OR IGNORE INTO temp.picked (created, number)
            SELECT t.created, t.number FROM slots CROSS JOIN tags AS t
            ON t.gateway = ?1 AND t.slot = slots.slot AND t.tag = ?2
            LIMIT ?3
            """)
        var left = Int64(most) + 1
        for tag in tags {
            try insert.bind([.integer(gateway), .integer(tag.value), .integer(left)])
            try insert.run()
            left -= database.changedRows
            if left <= 0 { return false }
        }
        return true
    }
}
