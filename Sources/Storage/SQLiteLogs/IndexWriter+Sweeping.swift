import SQLite

extension IndexWriter {
    /// Deletes tags of slots below that one, so many at most. Returns how many it were.
    func deleteTags(of gateway: Int64, below slot: Int64, limit: Int64) throws(SQLiteError) -> Int64 {
        let delete = try database.statement(
            """
            DELETE FROM tags WHERE (gateway, slot, tag, created, number) IN (
                SELECT gateway, slot, tag, created, number FROM tags WHERE gateway = ?1 AND slot < ?2 LIMIT ?3)
            """)
        try delete.bind([.integer(gateway), .integer(slot), .integer(limit)])
        try delete.run()
        return database.changedRows
    }

    /// Deletes those of the texts that no entry was given since the sweep began.
    func deleteTexts(_ numbers: ArraySlice<Int64>) throws(SQLiteError) {
        let used = texts.usedInSweep ?? []
        try database.transaction { () throws(SQLiteError) in
            for number in numbers where !used.contains(number) {
                try database.run("DELETE FROM texts WHERE number = ?1", .integer(number))
            }
        }
    }
}
