import Foundation
import Testing

@testable import OperatingSystem

/// A directory of its own for one test, removed when the test lets go of it.
final class ScratchDirectory {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/aigateway-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func mode(of name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
        return try #require(attributes[.posixPermissions] as? Int)
    }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}

@Suite("Files")
struct FilesTests {
    let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    @Test func `what is written is read back`() throws {
        let content = [UInt8]((0..<200_000).map { UInt8(truncatingIfNeeded: $0) })
        try Files.writeAtomically(content, to: "\(scratch.path)/a", mode: 0o644)
        #expect(try Files.read("\(scratch.path)/a", maxBytes: content.count) == content)
    }

    @Test func `a file one byte over the bound is refused`() throws {
        try Files.writeAtomically([1, 2, 3], to: "\(scratch.path)/a", mode: 0o644)
        let error = try #require(throws: FileError.self) { try Files.read("\(scratch.path)/a", maxBytes: 2) }
        #expect(error.kind == .tooLarge)
        #expect(try Files.read("\(scratch.path)/a", maxBytes: 3) == [1, 2, 3])
    }

    @Test(arguments: [UInt32(0o600), 0o644, 0o666]) func `a file gets exactly its mode`(mode: UInt32) throws {
        try Files.writeAtomically([1], to: "\(scratch.path)/key", mode: mode)
        #expect(try scratch.mode(of: "key") == Int(mode))
    }

    @Test func `replacing leaves nothing but the new file, with the new mode`() throws {
        try Files.writeAtomically([1], to: "\(scratch.path)/a", mode: 0o644)
        try Files.writeAtomically([2], to: "\(scratch.path)/a", mode: 0o600)
        #expect(try scratch.names() == ["a"])
        #expect(try scratch.mode(of: "a") == 0o600)
        #expect(try Files.read("\(scratch.path)/a", maxBytes: 10) == [2])
    }

    @Test func `a file to be kept is kept, and the temporary one removed`() throws {
        try Files.writeAtomically([1], to: "\(scratch.path)/a", mode: 0o600, existing: .keepAndFail)
        let error = try #require(throws: FileError.self) {
            try Files.writeAtomically([2], to: "\(scratch.path)/a", mode: 0o600, existing: .keepAndFail)
        }
        #expect(error.kind == .alreadyExists)
        #expect(try Files.read("\(scratch.path)/a", maxBytes: 10) == [1])
        #expect(try scratch.names() == ["a"])
    }

    @Test func `an error names the operation, the path and the reason`() throws {
        let path = "\(scratch.path)/missing"
        let error = try #require(throws: FileError.self) { try Files.read(path, maxBytes: 1) }
        #expect(error.kind == .notFound)
        #expect(error.description == "cannot read \(path): No such file or directory")
    }

    @Test func `a directory is no file to read`() throws {
        let error = try #require(throws: FileError.self) { try Files.read(scratch.path, maxBytes: 1) }
        #expect(error.reason == "Is a directory")
    }

    @Test(arguments: ["", "a\0b"]) func `a path C would misread is refused`(path: String) throws {
        let error = try #require(throws: FileError.self) { try Files.exists(path) }
        #expect(error.kind == .invalidPath)
    }

    @Test func `directories are created with those above them`() throws {
        let path = "\(scratch.path)/one/two//three"
        try Files.createDirectory(path, mode: 0o700)
        try Files.createDirectory(path, mode: 0o700)
        #expect(try Files.isDirectory(path))
        #expect(try scratch.mode(of: "one/two") == 0o700)
    }

    @Test func `a directory cannot be created where a file is`() throws {
        try Files.writeAtomically([1], to: "\(scratch.path)/a", mode: 0o644)
        let error = try #require(throws: FileError.self) { try Files.createDirectory("\(scratch.path)/a") }
        #expect(error.operation == .createDirectory)
        #expect(error.reason == "Not a directory")
    }

    @Test func `removing answers whether there was a file`() throws {
        try Files.writeAtomically([1], to: "\(scratch.path)/a", mode: 0o644)
        #expect(try Files.exists("\(scratch.path)/a"))
        #expect(try Files.remove("\(scratch.path)/a"))
        #expect(try !Files.remove("\(scratch.path)/a"))
        #expect(try !Files.exists("\(scratch.path)/a"))
    }
}
