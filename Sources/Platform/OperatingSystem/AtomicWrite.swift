internal import Glibc

extension Files {
    /// What to do when a file is already at the path.
    public enum Existing: Sendable {
        case replace
        case keepAndFail
    }

    /// Writes a whole file so that a reader, or a crash, sees either all of it or none.
    ///
    /// The content goes to a file beside the target, reaches the disk, and only then takes the name. The file has
    /// its final permissions from the moment it exists, so a key is never readable by others in between.
    public static func writeAtomically(
        _ bytes: [UInt8], to path: String, mode: UInt32, existing: Existing = .replace
    ) throws(FileError) {
        try checkPath(path, for: .write)
        let temporary = temporaryName(for: path)
        do {
            try fill(temporary, with: bytes, mode: mode)
            try move(temporary, to: path, existing: existing)
        } catch {
            _ = unsafe unlink(temporary)
            throw error
        }
        try synchroniseDirectory(of: path)
    }

    private static func fill(_ path: String, with bytes: [UInt8], mode: UInt32) throws(FileError) {
        let file = try FileDescriptor(opening: path, flags: O_WRONLY | O_CREAT | O_EXCL, mode: mode, for: .create)
        // The umask may have taken bits away at creation; it never adds any.
        try file.setMode(mode)
        try file.writeAll(bytes)
        try file.synchronise()
    }

    private static func move(_ source: String, to path: String, existing: Existing) throws(FileError) {
        let result =
            switch existing {
            case .replace: systemCall { unsafe rename(source, path) }
            // A second name for the same file: unlike a rename, it fails when the name is taken.
            case .keepAndFail: systemCall { unsafe link(source, path) }
            }
        if case .failed(let code) = result { throw FileError(.replace, path, code: code) }
        if existing == .keepAndFail { _ = unsafe unlink(source) }
    }

    /// Without this the new name itself may be lost when the machine loses power.
    private static func synchroniseDirectory(of path: String) throws(FileError) {
        let directory = try FileDescriptor(opening: parent(of: path), flags: O_RDONLY | O_DIRECTORY, for: .sync)
        try directory.synchronise()
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func temporaryName(for path: String) -> String {
        "\(path).\(CurrentProcess.id).\(String(UInt64.random(in: .min ... .max), radix: 36)).tmp"
    }
}
