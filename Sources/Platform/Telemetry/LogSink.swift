internal import OperatingSystem
internal import Synchronization

/// Where finished log lines go.
public protocol LogSink: Sendable {
    /// Takes one whole line, its line end included. May be called from any thread.
    func write(line: [UInt8])
}

/// Standard error: each line is one write, and lines of different threads never mix.
public final class StandardErrorSink: LogSink {
    /// The only one: two would not know of each other's lines.
    public static let shared = StandardErrorSink()

    private let turn = Mutex(())

    private init() {}

    public func write(line: [UInt8]) {
        turn.withLock { _ in
            // There is nowhere left to say that the log itself cannot be written.
            try? StandardStream.error.write(line)
        }
    }
}

/// Keeps lines in memory, for tests.
public final class LogCollector: LogSink {
    private let collected = Mutex<[String]>([])
    private let capacity: Int

    /// - Parameter capacity: How many lines are kept; later ones are dropped.
    public init(capacity: Int = 10_000) {
        self.capacity = capacity
    }

    public var lines: [String] { collected.withLock { $0 } }

    public func write(line: [UInt8]) {
        let text = String(decoding: line, as: UTF8.self)
        collected.withLock { lines in
            if lines.count < capacity { lines.append(text) }
        }
    }
}
