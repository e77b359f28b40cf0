import Foundation
import Testing

@testable import OperatingSystem

@Suite("Directory lock")
struct DirectoryLockTests {
    let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    /// Takes the lock and lets it go; the error when it could not be taken.
    private func attempt(_ directory: String) -> DirectoryLockError? {
        do throws(DirectoryLockError) {
            _ = try DirectoryLock(directory: directory)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a held directory is refused, naming the holder`() throws {
        let lock = try DirectoryLock(directory: scratch.path)
        let error = attempt(scratch.path)
        withExtendedLifetime(lock) {}
        #expect(error == .held(directory: scratch.path, holder: CurrentProcess.id))
        #expect(error?.description == "\(scratch.path) is in use by process \(CurrentProcess.id)")
    }

    @Test func `a lock let go can be taken again`() {
        #expect(attempt(scratch.path) == nil)
        #expect(attempt(scratch.path) == nil)
    }

    @Test func `what an earlier, longer process id left is overwritten`() throws {
        try Files.writeAtomically(Array("4194304999\n".utf8), to: "\(scratch.path)/lock", mode: 0o600)
        #expect(attempt(scratch.path) == nil)
        #expect(try Files.read("\(scratch.path)/lock", maxBytes: 32) == Array("\(CurrentProcess.id)\n".utf8))
    }

    @Test func `a directory that is not there is an error of the file system`() throws {
        guard case .failed(let error) = attempt("\(scratch.path)/missing") else {
            Issue.record("expected a file error")
            return
        }
        #expect(error.kind == .notFound)
        #expect(error.operation == .lock)
    }
}
