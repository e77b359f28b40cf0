internal import Glibc

/// A failed call on a file or a stream, with the path and the system's own words.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was being attempted; the raw value completes "cannot …".
    public enum Operation: String, Sendable {
        case open, read, write, sync, replace, create, inspect, remove, lock
        case createDirectory = "create directory"
    }

    /// The failures a caller may want to tell apart.
    public enum Kind: String, Sendable {
        case notFound, permissionDenied, alreadyExists, noSpace, brokenPipe, invalidPath, tooLarge, other
    }

    public let kind: Kind
    public let operation: Operation
    public let path: String
    /// What went wrong, as the operating system says it.
    public let reason: String

    public var description: String { "cannot \(operation.rawValue) \(path): \(reason)" }

    public init(kind: Kind, operation: Operation, path: String, reason: String) {
        self.kind = kind
        self.operation = operation
        self.path = path
        self.reason = reason
    }
}

extension FileError {
    init(_ operation: Operation, _ path: String, code: Int32) {
        self.init(kind: Kind(code: code), operation: operation, path: path, reason: systemErrorText(code))
    }

    static func tooLarge(_ path: String, limit: Int) -> FileError {
        FileError(kind: .tooLarge, operation: .read, path: path, reason: "larger than \(limit) bytes")
    }
}

extension FileError.Kind {
    init(code: Int32) {
        self =
            switch code {
            case ENOENT: .notFound
            case EACCES, EPERM, EROFS: .permissionDenied
            case EEXIST: .alreadyExists
            case ENOSPC, EDQUOT: .noSpace
            case EPIPE: .brokenPipe
            case EINVAL, ENAMETOOLONG, ENOTDIR, ELOOP: .invalidPath
            default: .other
            }
    }
}
