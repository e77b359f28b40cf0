public import Domain
import SQLite
import Synchronization

/// The logs of gateways in two SQLite files: `logs.db`, a row for each entry, and `log-bodies.db`, what was sent and
/// answered.
///
/// One thread writes. What is handed over is written within some milliseconds, and survives the death of the process
/// from then on; the loss of power may cost the latest. Reading waits for what was handed over before.
public final class SQLiteLogStore: Sendable {
    let limits: LogLimits
    let gate: LogGate
    let writer: LogWriter
    let readers: LogReaders
    let needs = TidyNeeds()
    /// Held while things are tidied, which one thread does at a time.
    let tidying = Mutex(())

    /// Opens the files in a directory that exists; makes them when they are missing.
    ///
    /// `onFailure` is told, on the writer's thread, of the first write that fails after one that did not.
    public static func open(
        directory: String, limits: LogLimits = LogLimits(),
        onFailure: @escaping @Sendable (StoreError) -> Void = { _ in }
    ) throws(StoreError) -> SQLiteLogStore {
        let index = LogFile(IndexSchema.layout, in: directory)
        let bodies = LogFile(BodySchema.layout, in: directory)
        let (indexDatabase, bodiesDatabase) = (try index.open(), try bodies.open())
        let counts: [GatewayKey: Int]
        let files: LogFiles
        do throws(SQLiteError) {
            counts = try GatewayRow.all(in: indexDatabase).mapValues { row in Int(row.entries) }
            files = try LogFiles(index: indexDatabase, bodies: bodiesDatabase)
        } catch {
            throw StoreError(reading: error)
        }
        let gate = LogGate(limits, counts: counts.filter { $0.value > 0 })
        let writer = try LogWriter(files, gate: gate, limits: limits, onFailure: onFailure)
        let readers = LogReaders(index: index, bodies: bodies, limits: limits)
        return SQLiteLogStore(limits: limits, gate: gate, writer: writer, readers: readers)
    }

    private init(limits: LogLimits, gate: LogGate, writer: LogWriter, readers: LogReaders) {
        self.limits = limits
        self.gate = gate
        self.writer = writer
        self.readers = readers
    }

    deinit {
        close()
    }

    /// Writes every entry that was accepted, then lets go of the files. Blocks; may be called again.
    public func close() {
        writer.close()
        readers.close()
    }

    /// What became of the entries handed over since the logs were opened.
    public var statistics: LogStatistics { gate.statistics }
}

extension SQLiteLogStore: GatewayLogStore {
    /// Rows that one page has at most.
    public static let maximumPage = 1_000

    @discardableResult
    public func append(_ entry: GatewayLogEntry, bodies: LogBodies?) -> Bool {
        guard let pending = gate.admit(entry, bodies) else { return false }
        return writer.append(pending)
    }

    /// Entries of a gateway, those that wait to be written included. From memory.
    public func count(account: AccountID, gateway: GatewayID) -> Int {
        gate.count(GatewayKey(account: account, gateway: gateway))
    }

    /// At most `maximumPage` entries. The total is counted up to `LogLimits.countedEntries`.
    public func page(_ query: LogQuery, offset: Int, limit: Int) throws(StoreError) -> LogPage {
        let limit = min(max(limit, 0), Self.maximumPage)
        return try read { (reader) throws(SQLiteError) in
            try reader.page(query, offset: max(offset, 0), limit: limit)
        }
    }

    public func summary(_ query: LogQuery) throws(StoreError) -> LogSummary {
        try read { (reader) throws(SQLiteError) in try reader.summary(query) }
    }

    public func entry(
        _ id: LogID, account: AccountID, gateway: GatewayID
    ) throws(StoreError) -> GatewayLogEntry? {
        let key = GatewayKey(account: account, gateway: gateway)
        return try read { (reader) throws(SQLiteError) in try reader.entry(id, of: key) }
    }

    public func bodies(_ id: LogID, account: AccountID, gateway: GatewayID) throws(StoreError) -> LogBodies? {
        let key = GatewayKey(account: account, gateway: gateway)
        return try read { (reader) throws(SQLiteError) in try reader.bodies(id, of: key) }
    }

    public func patch(
        _ id: LogID, account: AccountID, gateway: GatewayID, _ patch: LogPatch
    ) throws(StoreError) -> GatewayLogEntry? {
        let key = GatewayKey(account: account, gateway: gateway)
        return try writer.perform { (files) throws(SQLiteError) in try files.index.patch(id, of: key, patch) }
    }

    /// Sees every entry that was accepted before.
    func read<Success: Sendable>(
        _ body: @Sendable (LogReader) throws(SQLiteError) -> Success
    ) throws(StoreError) -> Success {
        writer.waitForAll()
        return try readers.read(body)
    }
}
