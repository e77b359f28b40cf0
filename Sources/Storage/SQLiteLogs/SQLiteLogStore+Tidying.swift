public import Domain
import SQLite
import Synchronization

extension SQLiteLogStore {
    /// Bodies deleted at once.
    private static let bodySlice: Int64 = 50
    /// Shared texts of a gateway below which nobody looks for unused ones.
    static let sweptTexts: Int64 = 10_000
    /// Tags or texts deleted at once.
    private static let sweptAtOnce: Int64 = 1_000

    /// Entries beyond a gateway's capacity go, the oldest first, with their bodies. Bodies from before `bodiesBefore`
    /// go, and beyond `LogLimits.bodyFileBytes` the oldest of all gateways.
    public func tidy(
        capacities: [GatewayLogCapacity], defaultCapacity: Int, bodiesBefore: Timestamp
    ) throws(StoreError) {
        try tidying.withLock { (_) throws(StoreError) in
            try deleteExcess(capacities, defaultCapacity)
            for gateway in needs.takeAll() { try sweep(gateway) }
            try deleteBodies(before: bodiesBefore)
            try shrinkBodies()
        }
    }

    private func deleteExcess(
        _ capacities: [GatewayLogCapacity], _ defaultCapacity: Int
    ) throws(StoreError) {
        var bounds: [GatewayKey: Int] = [:]
        for capacity in capacities {
            bounds[GatewayKey(account: capacity.account, gateway: capacity.gateway)] = capacity.entries
        }
        for (gateway, row) in try read({ (reader) throws(SQLiteError) in try reader.gateways() }) {
            let excess = Int(row.entries) - max(bounds[gateway] ?? defaultCapacity, 0)
            guard excess > 0 else { continue }
            let oldest = LogQuery(account: gateway.account, gateway: gateway.gateway, isAscending: true)
            _ = try delete(oldest, limit: excess)
        }
    }

    private func deleteBodies(before moment: Timestamp) throws(StoreError) {
        var count = Self.bodySlice
        while count == Self.bodySlice {
            count = try writer.perform { (files) throws(SQLiteError) in
                try files.bodies.deleteOldest(before: moment, limit: Self.bodySlice)
            }
        }
    }

    private func shrinkBodies() throws(StoreError) {
        let limit = limits.bodyFileBytes
        var count = Self.bodySlice
        while count == Self.bodySlice {
            count = try writer.perform { (files) throws(SQLiteError) in
                guard try files.bodies.usedBytes() > limit else { return 0 }
                return try files.bodies.deleteOldest(before: Timestamp(microseconds: .max), limit: Self.bodySlice)
            }
        }
    }

    /// Takes away what the gateway's deleted entries have left: tags, and texts that no other entry has.
    private func sweep(_ gateway: GatewayKey) throws(StoreError) {
        guard let row = try read({ (reader) throws(SQLiteError) in try reader.gateway(gateway) }) else { return }
        let least = try readers.read { (reader) throws(SQLiteError) in try reader.leastNumber(in: row.number) }
        // Numbers only grow, so nothing will come into a slot below the least there is.
        try deleteTags(of: row.number, below: Tag.slot(of: least ?? row.latest))
        let texts = try readers.read { (reader) throws(SQLiteError) in try reader.textCount(in: row.number) }
        if texts >= Self.sweptTexts { try sweepTexts(of: row.number) }
        if row.entries == 0 { try writer.perform { (files) throws(SQLiteError) in try files.index.remove(gateway) } }
    }

    private func deleteTags(of gateway: Int64, below slot: Int64) throws(StoreError) {
        var count = Self.sweptAtOnce
        while count == Self.sweptAtOnce {
            count = try writer.perform { (files) throws(SQLiteError) in
                try files.index.deleteTags(of: gateway, below: slot, limit: Self.sweptAtOnce)
            }
        }
    }

    private func sweepTexts(of gateway: Int64) throws(StoreError) {
        try writer.perform { (files) throws(SQLiteError) in files.index.texts.beginSweep() }
        do throws(StoreError) {
            // Entries written from here on are noted by the sweep; the ones before are seen by this reading.
            let unused = try readers.read { (reader) throws(SQLiteError) in try reader.unusedTexts(in: gateway) }
            for start in stride(from: 0, to: unused.count, by: Int(Self.sweptAtOnce)) {
                let slice = unused[start..<min(start + Int(Self.sweptAtOnce), unused.count)]
                try writer.perform { (files) throws(SQLiteError) in try files.index.deleteTexts(slice) }
            }
        } catch {
            try writer.perform { (files) throws(SQLiteError) in files.index.texts.endSweep() }
            throw error
        }
        try writer.perform { (files) throws(SQLiteError) in files.index.texts.endSweep() }
    }
}
