public import Domain
import Synchronization

/// Logs that are gone with the process. Knows no filters.
public final class MemoryLogs: GatewayLogStore {
    private let kept = Mutex<[(entry: GatewayLogEntry, bodies: LogBodies?)]>([])

    public init() {}

    public var all: [(entry: GatewayLogEntry, bodies: LogBodies?)] { kept.withLock { $0 } }
    public var entries: [GatewayLogEntry] { all.map(\.entry) }

    public func append(_ entry: GatewayLogEntry, bodies: LogBodies?) -> Bool {
        kept.withLock { $0.append((entry, bodies)) }
        return true
    }

    public func count(account: AccountID, gateway: GatewayID) -> Int {
        entries.count { $0.account == account && $0.gateway == gateway }
    }

    public func page(_ query: LogQuery, offset: Int, limit: Int) throws(StoreError) -> LogPage {
        let found = entries.filter { $0.account == query.account && $0.gateway == query.gateway }.reversed()
        return LogPage(entries: Array(found.dropFirst(offset).prefix(limit)), total: found.count)
    }

    public func summary(_ query: LogQuery) throws(StoreError) -> LogSummary {
        var summary = LogSummary()
        summary.count = Int64(count(account: query.account, gateway: query.gateway))
        return summary
    }

    public func entry(_ id: LogID, account: AccountID, gateway: GatewayID) throws(StoreError) -> GatewayLogEntry? {
        entries.first { $0.id == id && $0.account == account && $0.gateway == gateway }
    }

    public func bodies(_ id: LogID, account: AccountID, gateway: GatewayID) throws(StoreError) -> LogBodies? {
        all.first { $0.entry.id == id && $0.entry.account == account && $0.entry.gateway == gateway }?.bodies
    }

    public func patch(
        _ id: LogID, account: AccountID, gateway: GatewayID, _ patch: LogPatch
    ) throws(StoreError) -> GatewayLogEntry? {
        kept.withLock { kept in
            guard let place = kept.firstIndex(where: { $0.entry.id == id && $0.entry.gateway == gateway }) else {
                return nil
            }
            if let feedback = patch.feedback { kept[place].entry.feedback = feedback }
            if let score = patch.score { kept[place].entry.score = score }
            if let metadata = patch.metadata { kept[place].entry.metadata = metadata ?? CallMetadata() }
            return kept[place].entry
        }
    }

    public func delete(_ query: LogQuery, limit: Int?) throws(StoreError) -> Int {
        kept.withLock { kept in
            let before = kept.count
            kept.removeAll { $0.entry.account == query.account && $0.entry.gateway == query.gateway }
            return before - kept.count
        }
    }

    public func tidy(
        capacities: [GatewayLogCapacity], defaultCapacity: Int, bodiesBefore: Timestamp
    ) throws(StoreError) {}
}
