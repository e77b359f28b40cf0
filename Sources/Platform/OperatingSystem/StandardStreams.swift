internal import Glibc

/// The process's three standard streams.
public enum StandardStream: Int32, Sendable {
    case input = 0
    case output = 1
    case error = 2

    public var isTerminal: Bool { isatty(rawValue) == 1 }

    /// Writes every byte, waiting when the reader is slow. One `write` unless the system takes less.
    public func write(_ bytes: [UInt8]) throws(FileError) {
        try FileDescriptor.writeAll(bytes, to: rawValue, path: name)
    }

    /// Writes text as UTF-8.
    public func write(_ text: String) throws(FileError) {
        try write(Array(text.utf8))
    }

    /// Reads to the end of the stream, or fails when more than `maxBytes` come.
    public func readToEnd(maxBytes: Int) throws(FileError) -> [UInt8] {
        try FileDescriptor.readToEnd(of: rawValue, path: name, limit: maxBytes)
    }

    private var name: String {
        switch self {
        case .input: "standard input"
        case .output: "standard output"
        case .error: "standard error"
        }
    }
}
