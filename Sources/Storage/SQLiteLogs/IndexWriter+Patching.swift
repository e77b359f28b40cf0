import Domain
import SQLite

extension IndexWriter {
    /// Returns the entry as it is now; nil when there is none.
    func patch(_ id: LogID, of key: GatewayKey, _ patch: LogPatch) throws(SQLiteError) -> GatewayLogEntry? {
        guard let row = gateways[key] else { return nil }
        return try transaction { () throws(SQLiteError) in
            guard let place = try place(of: id, in: row) else { return nil }
            try write(patch, to: place, in: row)
            let select = try database.prepare(EntryColumns.byID)
            try select.bind([.integer(row.number), .text(id.rawValue)])
            return try select.first { (row) throws(SQLiteError) in try EntryColumns.read(row, of: key) }
        }
    }

    private func place(of id: LogID, in row: GatewayRow) throws(SQLiteError) -> EntryKey? {
        let select = try database.statement("SELECT created, number FROM entries WHERE gateway = ?1 AND id = ?2")
        try select.bind([.integer(row.number), .text(id.rawValue)])
        return try select.first { row in EntryKey(created: row.integer(at: 0), number: row.integer(at: 1)) }
    }

    private func write(_ patch: LogPatch, to place: EntryKey, in row: GatewayRow) throws(SQLiteError) {
        if let feedback = patch.feedback {
            try set("UPDATE entries SET feedback = ?4", place, row, feedback.map { .integer(Int64($0)) })
        }
        if let score = patch.score {
            try set("UPDATE entries SET score = ?4", place, row, score.map { .integer(Int64($0)) })
        }
        if let metadata = patch.metadata {
            let metadata = metadata ?? CallMetadata()
            try set("UPDATE entries SET metadata = ?4", place, row, MetadataBytes.encode(metadata).map { .blob($0) })
            // Those of the old values lead to an entry that does not fit, which is seen when it is looked at.
            try write(Tag.tags(eventID: nil, metadata: metadata), of: place, gateway: row.number)
        }
    }

    private func set(
        _ update: SQLText, _ place: EntryKey, _ row: GatewayRow, _ value: Value?
    ) throws(SQLiteError) {
        let statement = try database.prepare(update + " WHERE gateway = ?1 AND created = ?2 AND number = ?3")
        try statement.bind([
            .integer(row.number), .integer(place.created), .integer(place.number), value ?? .null,
        ])
        try statement.run()
    }
}
