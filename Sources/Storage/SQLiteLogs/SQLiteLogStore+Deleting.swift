public import Domain
import SQLite

extension SQLiteLogStore {
    /// Entries looked up for one round of deleting.
    private static let round = 50_000
    /// Entries deleted at once; appended ones are written in between.
    private static let slice = 500

    /// Deletes the entries and their bodies. Ones that come meanwhile stay.
    public func delete(_ query: LogQuery, limit: Int?) throws(StoreError) -> Int {
        let gateway = query.gatewayKey
        guard let row = try read({ (reader) throws(SQLiteError) in try reader.gateway(gateway) }) else { return 0 }
        // Where all go the order means nothing, and this one costs nothing.
        let query = limit == nil ? query.ordered(by: .createdAt) : query
        var left = max(limit ?? .max, 0)
        var deleted = 0
        while left > 0 {
            let wanted = min(left, Self.round)
            let keys = try readers.read { (reader) throws(SQLiteError) in
                try reader.keys(query, latest: row.latest, limit: wanted)
            }
            deleted += try delete(keys, of: gateway)
            left -= keys.count
            if keys.count < wanted { break }
        }
        return deleted
    }

    private func delete(_ keys: [EntryKey], of gateway: GatewayKey) throws(StoreError) -> Int {
        if !keys.isEmpty { needs.add(gateway) }
        var deleted = 0
        for start in stride(from: 0, to: keys.count, by: Self.slice) {
            let slice = keys[start..<min(start + Self.slice, keys.count)]
            let gate = gate
            deleted += try writer.perform { (files) throws(SQLiteError) in
                // Bodies first: what is not found any more must not lie about.
                try files.bodies.delete(try files.index.ids(slice, of: gateway), of: gateway)
                let count = try files.index.delete(slice, of: gateway)
                gate.deleted(count, of: gateway)
                return count
            }
        }
        return deleted
    }
}

extension LogQuery {
    fileprivate func ordered(by order: Order) -> LogQuery {
        var query = self
        query.order = order
        return query
    }
}
