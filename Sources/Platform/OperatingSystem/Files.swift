internal import Glibc

/// Whole files and directories.
public enum Files {
    /// Reads a whole file, or fails when it is larger than `maxBytes`.
    public static func read(_ path: String, maxBytes: Int) throws(FileError) -> [UInt8] {
        let file = try FileDescriptor(opening: path, flags: O_RDONLY, for: .read)
        return try file.readToEnd(limit: maxBytes)
    }

    /// True when something is at the path, whatever it is.
    public static func exists(_ path: String) throws(FileError) -> Bool {
        try mode(of: path, following: false) != nil
    }

    /// True when the path is a directory, or a link to one.
    public static func isDirectory(_ path: String) throws(FileError) -> Bool {
        guard let mode = try mode(of: path, following: true) else { return false }
        return mode & S_IFMT == S_IFDIR
    }

    /// Removes a file. Answers whether there was one.
    @discardableResult
    public static func remove(_ path: String) throws(FileError) -> Bool {
        try checkPath(path, for: .remove)
        switch systemCall({ unsafe unlink(path) }) {
        case .value: return true
        case .failed(ENOENT): return false
        case .failed(let code): throw FileError(.remove, path, code: code)
        }
    }

    /// Creates a directory and those above it; one that exists already is left as it is.
    ///
    /// - Parameter mode: The permissions of each directory created, narrowed by the process's umask.
    public static func createDirectory(_ path: String, mode: UInt32 = 0o755) throws(FileError) {
        try checkPath(path, for: .createDirectory)
        var created = path.hasPrefix("/") ? "/" : ""
        for component in path.split(separator: "/") {
            created += created.isEmpty || created.hasSuffix("/") ? String(component) : "/" + component
            try createOneDirectory(created, mode: mode)
        }
    }

    private static func createOneDirectory(_ path: String, mode: UInt32) throws(FileError) {
        guard case .failed(let code) = systemCall({ unsafe mkdir(path, mode) }) else { return }
        // A read-only parent answers EROFS or EACCES even for a directory that is there.
        let isThere = (try? isDirectory(path)) ?? false
        if isThere { return }
        throw FileError(.createDirectory, path, code: code == EEXIST ? ENOTDIR : code)
    }

    private static func mode(of path: String, following: Bool) throws(FileError) -> UInt32? {
        try checkPath(path, for: .inspect)
        var information = stat()
        let result = systemCall { unsafe following ? stat(path, &information) : lstat(path, &information) }
        switch result {
        case .value: return information.st_mode
        case .failed(ENOENT), .failed(ENOTDIR): return nil
        case .failed(let code): throw FileError(.inspect, path, code: code)
        }
    }
}
