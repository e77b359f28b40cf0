import Dialects
import EventLoop
import HTTPServer

/// Where a stream's events leave. While there are none it sends a comment now and then, so that nobody on the way
/// takes the connection for dead.
///
/// A busy stream pays one note of the time for each write; its timer sleeps through.
final class StreamOutlet: @unchecked Sendable {
    // Guard: confined to `loop`.

    private let loop: LoopThread
    private let interval: UInt64
    private let timer: LoopTimer
    /// Nil once the stream is ended.
    private var writer: HTTPBodyWriter?
    private var lastWrite: UInt64
    private var isWriting = false
    /// A comment is on its way, which a slow client can hold up.
    private var isCommenting = false
    private let commented = Parking<Void>()

    /// Made on the loop of its request.
    init(_ writer: consuming HTTPBodyWriter, on loop: LoopThread, keepAliveMilliseconds: UInt64) {
        self.loop = loop
        // A timer without any wait would keep its loop to itself.
        interval = max(1, keepAliveMilliseconds)
        self.writer = consume writer
        timer = LoopTimer(on: loop)
        lastWrite = loop.now
        wait(interval)
    }

    func write(_ bytes: [UInt8]) async throws(ClientGone) {
        await letCommentPass()
        isWriting = true
        defer { isWriting = false }
        lastWrite = loop.now
        try await writer?.write(bytes)
    }

    /// The body is complete.
    func finish() async {
        await end()?.finish()
    }

    /// The body broke off.
    func abort() async {
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
        guard idle >= interval, !isWriting, !isCommenting else {
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
