import CUV

/// What to be told about a socket.
public struct SocketInterest: OptionSet, Hashable, Sendable {
    public let rawValue: Int32

    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    public static let readable = SocketInterest(rawValue: Int32(UV_READABLE.rawValue))
    public static let writable = SocketInterest(rawValue: Int32(UV_WRITABLE.rawValue))
}

/// Watches a descriptor that somebody else owns. Made, changed and closed on its loop.
@safe
public final class SocketWatch {
    private let loop: LoopThread
    private let handle: UnsafeMutablePointer<uv_poll_t>
    private let action: (SocketInterest) -> Void
    private var isClosed = false
    public private(set) var interest: SocketInterest = []

    /// Nil when the system cannot watch that descriptor.
    public init?(_ descriptor: Int32, on loop: LoopThread, _ action: @escaping (SocketInterest) -> Void) {
        loop.requireOnLoop()
        self.loop = loop
        self.action = action
        unsafe handle = .allocate(capacity: 1)
        guard unsafe uv_poll_init(loop.uv, handle, descriptor) == 0 else {
            unsafe handle.deallocate()
            return nil
        }
        unsafe handle.pointee.data = unsafe Unmanaged.passUnretained(self).toOpaque()
    }

    public func watch(_ interest: SocketInterest) {
        guard !isClosed, interest != self.interest else { return }
        self.interest = interest
        if interest.isEmpty {
            unsafe uv_poll_stop(handle)
        } else {
            unsafe uv_poll_start(handle, interest.rawValue, pollCallback)
        }
    }

    /// Must come before the descriptor is closed.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        unsafe handle.pointee.data = nil
        unsafe loop.close(handle)
    }

    fileprivate func fire(status: Int32, events: Int32) {
        // An error is reported as readiness: the owner's next read or write learns what is wrong.
        let seen: SocketInterest = status < 0 ? interest : SocketInterest(rawValue: events)
        loop.turn { action(seen) }
    }

    deinit {
        close()
    }
}

private func pollCallback(_ handle: UnsafeMutablePointer<uv_poll_t>?, status: Int32, events: Int32) {
    guard let context = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<SocketWatch>.fromOpaque(context).takeUnretainedValue().fire(status: status, events: events)
}
