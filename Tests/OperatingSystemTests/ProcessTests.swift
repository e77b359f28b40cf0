import Foundation
import Testing

@testable import OperatingSystem

@Suite("Process")
struct ProcessTests {
    @Test func `the environment is the one Foundation sees`() {
        let environment = Environment.takenAtStart()
        #expect(environment.values == ProcessInfo.processInfo.environment)
        #expect(environment["PATH"] == ProcessInfo.processInfo.environment["PATH"])
        #expect(environment["AIGATEWAY_NO_SUCH_VARIABLE"] == nil)
    }

    @Test func `the process knows its id and its host`() {
        #expect(CurrentProcess.id == ProcessInfo.processInfo.processIdentifier)
        #expect(CurrentProcess.hostName == ProcessInfo.processInfo.hostName)
    }

    @Test func `the open-file limit is raised to the hard limit`() {
        let raised = CurrentProcess.raiseOpenFileLimit()
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        #expect(limit.rlim_cur == limit.rlim_max)
        #expect(raised == Int(clamping: limit.rlim_max))
    }
}

@Suite("Descriptors")
struct DescriptorTests {
    /// Both ends of a pipe.
    private func makePipe(nonBlocking: Bool = false) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        if nonBlocking { for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) } }
        return (ends[0], ends[1])
    }

    @Test func `more than a non-blocking pipe holds gets through whole`() async throws {
        let ends = makePipe(nonBlocking: true)
        let content = [UInt8]((0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
        async let received = FileDescriptor.readToEnd(of: ends.read, path: "pipe", limit: content.count)
        try await Task.detached {
            // Closed whatever happens, so that the reader comes to an end.
            defer { close(ends.write) }
            try FileDescriptor.writeAll(content, to: ends.write, path: "pipe")
        }.value
        #expect(try await received == content)
        close(ends.read)
    }

    @Test func `writing to a closed pipe is an error, not the end`() throws {
        CurrentProcess.ignoreBrokenPipeSignal()
        let ends = makePipe()
        close(ends.read)
        let error = try #require(throws: FileError.self) {
            try FileDescriptor.writeAll([1], to: ends.write, path: "pipe")
        }
        #expect(error.kind == .brokenPipe)
        #expect(error.description == "cannot write pipe: Broken pipe")
        close(ends.write)
    }
}
