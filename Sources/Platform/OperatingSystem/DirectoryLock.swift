internal import Glibc

/// Holds a directory for this process, so that two servers cannot open the same data.
///
/// The lock is the kernel's and ends with the process, however it ends. The file `lock` stays behind: removing it
/// would let two processes hold two different files of that name.
public struct DirectoryLock: ~Copyable, Sendable {
    private static let fileName = "lock"
    /// Room for a process id and a line end.
    private static let longestContent = 32

    private let file: FileDescriptor

    /// Takes the lock at once or fails; it never waits.
    public init(directory: String) throws(DirectoryLockError) {
        let path = directory.hasSuffix("/") ? directory + Self.fileName : "\(directory)/\(Self.fileName)"
        switch Self.acquire(path) {
        case .taken(let file): self.file = file
        case .held(let holder): throw .held(directory: directory, holder: holder)
        case .failed(let error): throw .failed(error)
        }
    }

    private enum Attempt: ~Copyable {
        case taken(FileDescriptor)
        case held(Int32?)
        case failed(FileError)
    }

    private static func acquire(_ path: String) -> Attempt {
        do throws(FileError) {
            let file = try FileDescriptor(opening: path, flags: O_RDWR | O_CREAT, mode: 0o600, for: .lock)
            guard try take(file) else { return .held(holder(file)) }
            try file.truncate()
            try file.writeAll(Array("\(CurrentProcess.id)\n".utf8))
            return .taken(file)
        } catch {
            return .failed(error)
        }
    }

    /// Answers whether the lock was free.
    private static func take(_ file: borrowing FileDescriptor) throws(FileError) -> Bool {
        let number = file.number
        switch systemCall({ flock(number, LOCK_EX | LOCK_NB) }) {
        case .value: return true
        case .failed(EWOULDBLOCK): return false
        case .failed(let code): throw FileError(.lock, file.path, code: code)
        }
    }

    private static func holder(_ file: borrowing FileDescriptor) -> Int32? {
        guard let content = try? file.readToEnd(limit: longestContent) else { return nil }
        return Int32(String(decoding: content.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}

/// Why a directory could not be locked.
public enum DirectoryLockError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Another process has it. Its id is unknown only in the instant before it has written it.
    case held(directory: String, holder: Int32?)
    case failed(FileError)

    public var description: String {
        switch self {
        case .held(let directory, let holder?): "\(directory) is in use by process \(holder)"
        case .held(let directory, nil): "\(directory) is in use by another process"
        case .failed(let error): error.description
        }
    }
}
