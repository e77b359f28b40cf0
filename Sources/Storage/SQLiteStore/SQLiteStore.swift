public import Domain
import SQLite

/// The gateway's records in one SQLite file.
public final class SQLiteStore: Sendable {
    /// What a committed call has survived.
    public enum Durability: Hashable, Sendable {
        /// The death of the process, `kill -9` included.
        case process
        /// The loss of power, at the price of a flush of the disk per commit.
        case power
    }

    /// Calls that may wait for a commit; more than a node can have under way at once.
    public static let defaultQueueLimit = 16_384

    let writer: CallWriter
    private let checkpointer: Checkpointer
    let keys: LockedDatabase
    let reader: LockedDatabase
    let file: StoreFile
    let clock: JournalClock

    /// Opens `gateway.db` in a directory that exists; makes it when it is missing.
    /// `clock` dates the journal; without one it is the machine's.
    public static func open(
        directory: String, durability: Durability = .process, queueLimit: Int = defaultQueueLimit,
        clock: (any WallClock)? = nil
    ) throws(StoreError) -> SQLiteStore {
        try SQLiteStore(StoreFile(directory: directory), durability, queueLimit, clock ?? SystemWallClock())
    }

    private init(
        _ file: StoreFile, _ durability: Durability, _ queueLimit: Int, _ wall: any WallClock
    ) throws(StoreError) {
        self.file = file
        // Keys are few and a revoked one must stay revoked, so they always wait for the disk. So do postings.
        keys = LockedDatabase(try file.open(.full))
        let latest = try keys.read { (database) throws(SQLiteError) in try JournalClock.latestTime(in: database) }
        clock = JournalClock(wall, after: latest)
        reader = LockedDatabase(try file.connectForReading())
        let calls = try file.connect(durability == .power ? .full : .normal)
        checkpointer = try Checkpointer(try file.connect(.normal))
        writer = try CallWriter(
            queueLimit: queueLimit, sink: try CallLog(calls, clock: clock), checkpointer: checkpointer)
    }

    deinit {
        close()
    }

    /// Commits every call that was accepted, then lets go of the file. Blocks; may be called again.
    public func close() {
        writer.close()
        checkpointer.close()
        reader.close()
        keys.close()
    }
}
