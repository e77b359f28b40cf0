import Domain
import Synchronization

/// An entry on its way to the disk.
final class PendingEntry: Sendable {
    let entry: GatewayLogEntry
    let bodies: LogBodies?

    init(_ entry: GatewayLogEntry, _ bodies: LogBodies?) {
        self.entry = entry
        self.bodies = bodies
    }

    var gateway: GatewayKey { GatewayKey(account: entry.account, gateway: entry.gateway) }
    var bodyBytes: Int { bodies?.byteCount ?? 0 }
}

extension LogBodies {
    var byteCount: Int { (request?.count ?? 0) + (response?.count ?? 0) }
}

/// What became of the entries that were handed over, since the logs were opened.
public struct LogStatistics: Hashable, Sendable {
    public var written = 0
    /// Turned away because too many waited, or because the logs were closed.
    public var dropped = 0
    /// Entries that were taken without their bodies: too many bytes waited, or these were too many.
    public var droppedBodies = 0
    /// Lost because they could not be written.
    public var failed = 0
    /// Written without their bodies, which could not be written.
    public var failedBodies = 0
    /// Left out because there was an entry with their id.
    public var repeated = 0

    public init() {}
}
