internal import Glibc

/// One open file. It is closed when its owner lets go of it.
struct FileDescriptor: ~Copyable {
    /// How much one read asks for at most.
    private static let readChunkBytes = 64 * 1024

    let number: Int32
    let path: String

    init(
        opening path: String, flags: Int32, mode: UInt32 = 0, for operation: FileError.Operation = .open
    ) throws(FileError) {
        try checkPath(path, for: operation)
        switch systemCall({ unsafe open(path, flags | O_CLOEXEC, mode) }) {
        case .value(let number):
            self.number = number
            self.path = path
        case .failed(let code): throw FileError(operation, path, code: code)
        }
    }

    deinit {
        _ = close(number)
    }

    /// Reads to the end, or fails once more than `limit` bytes came.
    func readToEnd(limit: Int) throws(FileError) -> [UInt8] {
        try Self.readToEnd(of: number, path: path, limit: limit)
    }

    func writeAll(_ bytes: [UInt8]) throws(FileError) {
        try Self.writeAll(bytes, to: number, path: path)
    }

    func synchronise() throws(FileError) {
        if case .failed(let code) = systemCall({ fsync(number) }) { throw FileError(.sync, path, code: code) }
    }

    func setMode(_ mode: UInt32) throws(FileError) {
        if case .failed(let code) = systemCall({ fchmod(number, mode) }) { throw FileError(.create, path, code: code) }
    }

    func truncate() throws(FileError) {
        if case .failed(let code) = systemCall({ ftruncate(number, 0) }) { throw FileError(.write, path, code: code) }
    }
}

extension FileDescriptor {
    static func readToEnd(of number: Int32, path: String, limit: Int) throws(FileError) -> [UInt8] {
        var content: [UInt8] = []
        while true {
            // One byte beyond the limit is enough to know that the content does not fit.
            let wanted = min(readChunkBytes, limit + 1 - content.count)
            let chunk = try readOnce(number, path: path, atMost: wanted)
            if chunk.isEmpty { return content }
            content.append(contentsOf: chunk)
            if content.count > limit { throw FileError.tooLarge(path, limit: limit) }
        }
    }

    private static func readOnce(_ number: Int32, path: String, atMost count: Int) throws(FileError) -> [UInt8] {
        while true {
            var failure: Int32?
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                switch systemCall({ unsafe read(number, buffer.baseAddress, count) }) {
                case .value(let received): filled = received
                case .failed(let code): failure = code
                }
            }
            guard let failure else { return chunk }
            guard failure == EAGAIN else { throw FileError(.read, path, code: failure) }
            waitUntilReady(number, for: POLLIN)
        }
    }

    /// Writes every byte; one `write` unless the system takes less.
    static func writeAll(_ bytes: [UInt8], to number: Int32, path: String) throws(FileError) {
        var written = 0
        while written < bytes.count {
            let result = unsafe bytes.withUnsafeBytes { buffer in
                systemCall { unsafe write(number, buffer.baseAddress?.advanced(by: written), buffer.count - written) }
            }
            switch result {
            case .value(let count): written += count
            case .failed(EAGAIN): waitUntilReady(number, for: POLLOUT)
            case .failed(let code): throw FileError(.write, path, code: code)
            }
        }
    }

    /// Waits on a descriptor that another process has made non-blocking.
    private static func waitUntilReady(_ number: Int32, for event: Int32) {
        var request = pollfd(fd: number, events: Int16(event), revents: 0)
        _ = systemCall { unsafe poll(&request, 1, -1) }
    }
}

/// A NUL would end the path early for C, and name another file.
func checkPath(_ path: String, for operation: FileError.Operation) throws(FileError) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw FileError(operation, path, code: EINVAL) }
}
