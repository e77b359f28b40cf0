import EventLoop
import HTTPServer

/// Writes a body and breaks it where the faults say so.
struct FaultyWriter: ~Copyable {
    private let writer: HTTPBodyWriter
    private let loop: LoopThread
    /// Bytes that may still be written before the connection breaks.
    private var bytesLeft: Int?
    private var splitsLeft: Int

    /// Characters of one answer that are sent in two writes.
    static let splitLimit = 4
    /// Pause between the two, so that they leave separately.
    static let splitPauseMilliseconds: UInt64 = 15

    enum Stop: Error { case clientGone, reset }

    init(_ writer: consuming HTTPBodyWriter, faults: SandboxFaults, loop: LoopThread) {
        self.writer = writer
        self.loop = loop
        bytesLeft = faults.resetAfterBytes
        splitsLeft = faults.splitsUTF8 ? Self.splitLimit : 0
    }

    mutating func write(_ bytes: [UInt8]) async throws(Stop) {
        if bytesLeft == 0 { throw .reset }
        var rest = bytes[...]
        while splitsLeft > 0, let lead = rest.firstIndex(where: { $0 >= 0xc0 }) {
            splitsLeft -= 1
            try await send(rest[...lead])
            await loop.sleep(milliseconds: Self.splitPauseMilliseconds)
            rest = rest[(lead + 1)...]
        }
        try await send(rest)
    }

    private mutating func send(_ bytes: ArraySlice<UInt8>) async throws(Stop) {
        let allowed = bytesLeft.map { bytes.prefix($0) } ?? bytes
        do { try await writer.write(Array(allowed)) } catch { throw .clientGone }
        guard let left = bytesLeft else { return }
        bytesLeft = left - allowed.count
        if bytesLeft == 0 { throw .reset }
    }

    consuming func finish() { writer.finish() }
    consuming func abort() { writer.abort() }
}
