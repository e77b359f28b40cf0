import CUV
import Glibc

/// Tells when the peers of many sockets go away, at no cost for each request.
///
/// A socket is registered once, when it is accepted, in an epoll set of its own that the loop watches
/// as a single descriptor; only hang-ups wake it. The kernel forgets a socket when it is closed.
public final class HangupWatcher {
    private let registration: Registration
    private let watch: SocketWatch

    /// The part that threads which accept sockets may hold.
    public struct Registration: Sendable {
        fileprivate let descriptor: Int32

        /// Returns false when the socket cannot be watched.
        public func add(_ socket: Int32, token: UInt64) -> Bool {
            aig_epoll_add_hangup(descriptor, socket, token) == 0
        }
    }

    /// Calls `onHangup` on the loop with the token of each socket whose peer closed its sending side.
    public init?(on loop: LoopThread, onHangup: @escaping (UInt64) -> Void) {
        let descriptor = aig_epoll_create()
        guard descriptor >= 0 else { return nil }
        let report: (SocketInterest) -> Void = { _ in
            for token in HangupWatcher.tokens(of: descriptor) { onHangup(token) }
        }
        guard let watch = SocketWatch(descriptor, on: loop, report) else {
            Glibc.close(descriptor)
            return nil
        }
        self.registration = Registration(descriptor: descriptor)
        self.watch = watch
        watch.watch(.readable)
    }

    public var registering: Registration { registration }

    /// Must be called on the loop, once, before the watcher is dropped.
    public func close() {
        watch.close()
        Glibc.close(registration.descriptor)
    }

    private static func tokens(of descriptor: Int32) -> [UInt64] {
        let limit = 64
        return unsafe [UInt64](unsafeUninitializedCapacity: limit) { buffer, count in
            count = unsafe max(0, Int(aig_epoll_take_hangups(descriptor, buffer.baseAddress, Int32(limit))))
        }
    }
}
