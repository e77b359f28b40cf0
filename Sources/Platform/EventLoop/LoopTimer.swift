import CUV

/// A timer of one loop. Made, started and stopped on that loop.
@safe
public final class LoopTimer {
    private let loop: LoopThread
    private let handle: UnsafeMutablePointer<uv_timer_t>
    fileprivate var action: (() -> Void)?

    public init(on loop: LoopThread) {
        loop.requireOnLoop()
        self.loop = loop
        unsafe handle = .allocate(capacity: 1)
        unsafe uv_timer_init(loop.uv, handle)
        unsafe handle.pointee.data = unsafe Unmanaged.passUnretained(self).toOpaque()
    }

    /// Calls `action` after so many milliseconds and, when `every` is not zero, again at that interval.
    public func start(after milliseconds: UInt64, every interval: UInt64 = 0, _ action: @escaping () -> Void) {
        loop.requireOnLoop()
        self.action = action
        // The loop's clock stands still during a turn; a timer counts from the real present.
        unsafe uv_update_time(loop.uv)
        unsafe uv_timer_start(handle, timerCallback, milliseconds, interval)
    }

    public func stop() {
        unsafe uv_timer_stop(handle)
        action = nil
    }

    fileprivate func fire() {
        loop.turn { action?() }
    }

    deinit {
        unsafe handle.pointee.data = nil
        unsafe loop.close(handle)
    }
}

extension LoopThread {
    /// Suspends the calling task, which must run on this loop, for at least that long.
    /// A cancelled task returns at once.
    public func sleep(milliseconds: UInt64) async {
        let timer = LoopTimer(on: self)
        let alarm = Parking<Void>()
        await withTaskCancellationHandler {
            guard !Task.isCancelled else { return }
            timer.start(after: milliseconds) { alarm.resume(()) }
            await alarm.park()
        } onCancel: {
            execute { alarm.resume(()) }
        }
        timer.stop()
    }
}

private func timerCallback(_ handle: UnsafeMutablePointer<uv_timer_t>?) {
    guard let context = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<LoopTimer>.fromOpaque(context).takeUnretainedValue().fire()
}

extension LoopThread {
    /// libuv owns a handle until its close callback has run, so the memory is freed there.
    /// Owners may be dropped on any thread; libuv wants its own.
    func close<Handle>(_ handle: UnsafeMutablePointer<Handle>) {
        // Guard: its owner is gone, so whichever branch frees it is the last to touch it.
        nonisolated(unsafe) let handle = UnsafeMutableRawPointer(handle)
        if isCurrent {
            unsafe closeAndFree(handle)
        } else if isOver {
            unsafe handle.deallocate()
        } else {
            execute { unsafe closeAndFree(handle) }
        }
    }
}

private func closeAndFree(_ handle: UnsafeMutableRawPointer) {
    let handle = unsafe handle.assumingMemoryBound(to: uv_handle_t.self)
    guard unsafe uv_is_closing(handle) == 0 else { return }
    unsafe uv_close(handle) { closed in unsafe closed?.deallocate() }
}
