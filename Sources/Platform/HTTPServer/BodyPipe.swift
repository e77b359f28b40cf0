import EventLoop
import Synchronization

/// The pieces of a streamed body on their way from a loop to the thread that sends them.
///
/// Empty, it suspends the connection; the next piece resumes it. Full, it makes the writer wait.
final class BodyPipe: Sendable {
    private let exchange: Exchange
    private let loop: LoopThread
    private let highWater: Int
    private let room: Parking<Void>
    private let state = Mutex(State())

    fileprivate struct State {
        var pieces: [[UInt8]] = []
        /// Index of the piece being sent, and how much of it is gone.
        var first = 0
        var offset = 0
        var bytes = 0
        var isSuspended = false
        var isWriterWaiting = false
        var isGone = false
        var end: End?
    }

    fileprivate enum End { case complete, broken }

    enum Push { case taken, full, gone }

    init(exchange: Exchange, loop: LoopThread, highWater: Int) {
        self.exchange = exchange
        self.loop = loop
        self.highWater = highWater
        room = Parking()
    }

    // MARK: The loop

    func push(_ piece: [UInt8]) -> Push {
        guard !piece.isEmpty else { return .taken }
        let (result, mustResume) = state.withLock { state -> (Push, Bool) in
            guard !state.isGone else { return (.gone, false) }
            state.pieces.append(piece)
            state.bytes += piece.count
            let wasSuspended = state.isSuspended
            state.isSuspended = false
            state.isWriterWaiting = state.bytes >= highWater
            return (state.isWriterWaiting ? .full : .taken, wasSuspended)
        }
        if mustResume { exchange.resumeSending() }
        return result
    }

    func waitForRoom() async {
        await room.park()
    }

    func finish(completely: Bool) {
        let mustResume = state.withLock { state in
            guard state.end == nil else { return false }
            state.end = completely ? .complete : .broken
            defer { state.isSuspended = false }
            return state.isSuspended
        }
        if mustResume { exchange.resumeSending() }
    }

    var isGone: Bool { state.withLock { $0.isGone } }

    // MARK: Any thread

    func clientGone() {
        let mustWake = state.withLock { state in
            state.isGone = true
            state.pieces = []
            defer { state.isWriterWaiting = false }
            return state.isWriterWaiting
        }
        if mustWake { wakeWriter() }
    }

    // MARK: The library's thread

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let (count, mustWake) = state.withLock { state -> (Int, Bool) in
            let count = unsafe state.take(into: buffer)
            if count == 0 { return (ending(&state), false) }
            let mustWake = state.isWriterWaiting && state.bytes < highWater / 2
            if mustWake { state.isWriterWaiting = false }
            return (count, mustWake)
        }
        if mustWake { wakeWriter() }
        return count
    }

    /// Nothing to send: the end, or a pause until the next piece.
    private func ending(_ state: inout State) -> Int {
        if state.isGone { return endWithError }
        switch state.end {
        case .complete: return endOfStream
        case .broken: return endWithError
        case nil:
            // Under the lock, so that a piece cannot slip in between looking and suspending.
            state.isSuspended = true
            exchange.suspendSending()
            return 0
        }
    }

    private func wakeWriter() {
        let room = room
        loop.execute { room.resume(()) }
    }
}

extension BodyPipe.State {
    /// Copies as many waiting bytes as fit.
    fileprivate mutating func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var filled = 0
        while first < pieces.count, filled < buffer.count {
            let piece = pieces[first]
            let count = min(piece.count - offset, buffer.count - filled)
            unsafe piece.withUnsafeBytes { bytes in
                unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + count])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]))
            }
            filled += count
            offset += count
            if offset == piece.count {
                first += 1
                offset = 0
            }
        }
        if first == pieces.count {
            pieces.removeAll(keepingCapacity: true)
            first = 0
        }
        bytes -= filled
        return filled
    }
}
