import CUV
import Glibc

/// Waits for signals of the operating system on a loop.
@safe
public final class SignalWatch: @unchecked Sendable {
    // Guard: confined to `loop` after init.
    private let loop: LoopThread
    private var handles: [UnsafeMutablePointer<uv_signal_t>] = unsafe []
    private let arrived = Parking<Void>()
    /// Come and not yet told of: two before anybody asks are two.
    private var waiting: [Int32] = []

    /// From here on the signals do nothing else. Made on its loop.
    public init(_ signals: [Int32], on loop: LoopThread) {
        loop.requireOnLoop()
        self.loop = loop
        for signal in signals {
            let handle = UnsafeMutablePointer<uv_signal_t>.allocate(capacity: 1)
            unsafe uv_signal_init(loop.uv, handle)
            unsafe handle.pointee.data = unsafe Unmanaged.passUnretained(self).toOpaque()
            unsafe uv_signal_start(handle, signalCallback, signal)
            unsafe handles.append(handle)
        }
    }

    /// What asks a server to end: SIGTERM from its keeper, SIGINT from a terminal.
    public static let ending: [Int32] = [SIGTERM, SIGINT]

    /// The next signal, in the order they come.
    public func next() async -> Int32 {
        await loop.run {
            while true {
                if !self.waiting.isEmpty { return self.waiting.removeFirst() }
                await self.arrived.park()
            }
        }
    }

    fileprivate func received(_ signal: Int32) {
        loop.turn {
            waiting.append(signal)
            arrived.resume(())
        }
    }

    deinit {
        while let handle = unsafe handles.popLast() {
            unsafe handle.pointee.data = nil
            unsafe loop.close(handle)
        }
    }
}

private func signalCallback(_ handle: UnsafeMutablePointer<uv_signal_t>?, _ signal: Int32) {
    guard let context = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<SignalWatch>.fromOpaque(context).takeUnretainedValue().received(signal)
}
