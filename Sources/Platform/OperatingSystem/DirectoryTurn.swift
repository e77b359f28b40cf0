internal import Glibc

/// Turns at a directory: who wants one waits until the one before is over, in this process and in others.
///
/// For work that is soon done. The lock is the kernel's, on the directory itself, and ends with the process.
public enum DirectoryTurn {
    /// Does the work when its turn has come, and at once where no turn can be had, as in a directory that is not there.
    public static func take<Success, Failure: Error>(
        at path: String, _ work: () throws(Failure) -> Success
    ) throws(Failure) -> Success {
        guard let directory = try? FileDescriptor(opening: path, flags: O_RDONLY | O_DIRECTORY, for: .lock) else {
            return try work()
        }
        let number = directory.number
        _ = systemCall { flock(number, LOCK_EX) }
        // Closing the directory ends the turn.
        defer { _ = systemCall { flock(number, LOCK_UN) } }
        return try work()
    }
}
