import Dialects
public import EventLoop
public import HTTPServer

/// Where a stream's events leave. While there are none it sends a comment now and then, so that nobody on the way
/// takes the connection for dead.
///
/// A busy stream pays one note of the time for each write; its timer sleeps through.
public final class StreamOutlet: @unchecked Sendable {
    // Guard: confined to `loop`.

    private let loop: LoopThread
    private let interval: UInt64
    private let timer: LoopTimer
    /// Nil once the stream is ended.
    private var writer: HTTPBodyWriter?
    private var lastWrite: UInt64
    private var isWriting = false
    /// Whether what was written ends where an event ends; a vendor's bytes come in pieces of any kind.
    public private(set) var isBetweenEvents = true
    /// A comment is on its way, which a slow client can hold up.
    private var isCommenting = false
    private let commented = Parking<Void>()

    /// Made on the loop of its request.
    ///
    /// - Parameter keepAliveMilliseconds: Nil for a body that no comments may stand in.
    public init(_ writer: consuming HTTPBodyWriter, on loop: LoopThread, keepAliveMilliseconds: UInt64?) {
        self.loop = loop
        // A timer without any wait would keep its loop to itself.
        interval = max(1, keepAliveMilliseconds ?? 1)
        self.writer = consume writer
        timer = LoopTimer(on: loop)
        lastWrite = loop.now
        if keepAliveMilliseconds != nil { wait(interval) }
    }

    public func write(_ bytes: [UInt8]) async throws(ClientGone) {
        guard !bytes.isEmpty else { return }
        await letCommentPass()
        isWriting = true
        defer { isWriting = false }
        lastWrite = loop.now
        isBetweenEvents = Self.endsEvent(bytes)
        try await writer?.write(bytes)
    }

    /// An end that is split between two pieces is not seen, and a comment not sent.
    private static func endsEvent(_ bytes: [UInt8]) -> Bool {
        let (line, carriage) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        guard bytes.last == line else { return false }
        return bytes.dropLast().last == line || bytes.suffix(4).elementsEqual([carriage, line, carriage, line])
    }

    /// The body is complete.
    public func finish() async {
        await end()?.finish()
    }

    /// The body broke off.
    public func abort() async {
        await end()?.abort()
    }

    private func end() async -> HTTPBodyWriter? {
        await letCommentPass()
        timer.stop()
        return writer.take()
    }

    private func letCommentPass() async {
        // In a loop: the place may still hold the word of a comment nobody waited for.
        while isCommenting { await commented.park() }
    }

    private func wait(_ milliseconds: UInt64) {
        timer.start(after: milliseconds) { [weak self] in self?.wake() }
    }

    private func wake() {
        let idle = loop.now - lastWrite
        guard idle >= interval, !isWriting, !isCommenting, isBetweenEvents else {
            return wait(idle < interval ? interval - idle : interval)
        }
        lastWrite = loop.now
        wait(interval)
        isCommenting = true
        Task(executorPreference: loop) { await self.comment() }
    }

    private func comment() async {
        // A client that is gone is noticed where the stream waits.
        try? await writer?.write(ServerSentEventWriter.comment("keep-alive"))
        isCommenting = false
        commented.resume(())
    }
}
