internal import OperatingSystem

/// Writes log entries. A value: copies write to the same sink.
///
/// Messages and names are fixed texts, so that an entry can be searched for and nothing from outside becomes either.
public struct Logger: Sendable {
    /// The machine's time of day, in microseconds since 1970.
    public static let systemTime: @Sendable () -> Int64 = { SystemClock().wallMicroseconds() }

    public let level: LogLevel
    private let format: LogFormat
    private let sink: any LogSink
    private let wallMicroseconds: @Sendable () -> Int64
    private var requestID: String?

    public init(
        level: LogLevel, format: LogFormat, sink: any LogSink = StandardErrorSink.shared,
        wallMicroseconds: @escaping @Sendable () -> Int64 = Logger.systemTime
    ) {
        self.level = level
        self.format = format
        self.sink = sink
        self.wallMicroseconds = wallMicroseconds
    }

    /// The same logger, naming a request in every entry.
    public func with(requestID: String) -> Logger {
        var logger = self
        logger.requestID = requestID
        return logger
    }

    public func isEnabled(_ level: LogLevel) -> Bool { level >= self.level }

    public func debug(_ message: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        log(.debug, message, fields())
    }

    public func info(_ message: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        log(.info, message, fields())
    }

    public func notice(_ message: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        log(.notice, message, fields())
    }

    public func warning(_ message: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        log(.warning, message, fields())
    }

    public func error(_ message: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        log(.error, message, fields())
    }

    /// Writes an entry, unless its level is below the logger's; its fields are then never made.
    public func log(_ level: LogLevel, _ message: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
        guard isEnabled(level) else { return }
        let entry = LogEntry(
            wallMicroseconds: wallMicroseconds(), level: level, message: message, requestID: requestID,
            fields: fields())
        sink.write(line: entry.line(as: format))
    }
}
