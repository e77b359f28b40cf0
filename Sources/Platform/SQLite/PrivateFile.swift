import Glibc

/// Files that only their owner may read.
public enum PrivateFile {
    /// SQLite gives its WAL and index files the mode of the database, so the database is made
    /// first, with the right mode. A file that exists is never opened here: closing it would
    /// drop the locks this process holds on it.
    static func createIfMissing(_ path: String) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Takes the rights of group and others away from a file, if it exists and is ours to change.
    public static func restrictToOwner(_ path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & 0o077 != 0 else { return }
        _ = unsafe chmod(path, status.st_mode & 0o700)
    }
}
