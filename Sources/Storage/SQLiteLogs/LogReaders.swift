import Domain
import SQLite
import Synchronization

/// A few readers for many threads. They are made when they are first wanted.
final class LogReaders: Sendable {
    private let readers: [LockedReader]
    private let turn = Atomic(0)

    init(index: LogFile, bodies: LogFile, limits: LogLimits) {
        readers = (0..<max(1, limits.readers)).map { _ in LockedReader(index: index, bodies: bodies, limits: limits) }
    }

    /// Reads with one that is free, else waits for one after the other in turn.
    func read<Success: Sendable>(
        _ body: @Sendable (LogReader) throws(SQLiteError) -> Success
    ) throws(StoreError) -> Success {
        for reader in readers {
            if let success = try reader.readIfFree(body) { return success }
        }
        let place = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return try readers[Int(UInt(bitPattern: place) % UInt(readers.count))].read(body)
    }

    func close() {
        for reader in readers { reader.close() }
    }
}

private final class LockedReader: Sendable {
    private enum State {
        case untouched
        case open(LogReader)
        case closed
    }

    private let index: LogFile
    private let bodies: LogFile
    private let limits: LogLimits
    private let state = Mutex(State.untouched)

    init(index: LogFile, bodies: LogFile, limits: LogLimits) {
        self.index = index
        self.bodies = bodies
        self.limits = limits
    }

    func readIfFree<Success: Sendable>(
        _ body: @Sendable (LogReader) throws(SQLiteError) -> Success
    ) throws(StoreError) -> Success? {
        try state.withLockIfAvailable { (state) throws(StoreError) in try read(&state, body) }
    }

    func read<Success: Sendable>(
        _ body: @Sendable (LogReader) throws(SQLiteError) -> Success
    ) throws(StoreError) -> Success {
        try state.withLock { (state) throws(StoreError) in try read(&state, body) }
    }

    func close() {
        state.withLock { state in state = .closed }
    }

    private func read<Success: Sendable>(
        _ state: inout State, _ body: @Sendable (LogReader) throws(SQLiteError) -> Success
    ) throws(StoreError) -> Success {
        let reader: LogReader
        switch state {
        case .closed: throw .closed
        case .open(let opened): reader = opened
        case .untouched:
            reader = try open()
            state = .open(reader)
        }
        do throws(SQLiteError) { return try body(reader) } catch { throw StoreError(reading: error) }
    }

    private func open() throws(StoreError) -> LogReader {
        let (index, bodies) = (try index.connectForReading(), try bodies.connectForReading())
        do throws(SQLiteError) {
            return try LogReader(index: index, bodies: bodies, limits: limits)
        } catch {
            throw StoreError(reading: error)
        }
    }
}
