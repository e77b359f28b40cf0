import CUV
import Glibc
import OperatingSystem
import Synchronization

/// One thread that runs a libuv loop and every Swift task that prefers it.
///
/// A request and its upstream connection live on one loop from beginning to end, so what belongs to
/// them needs no lock. Code that runs on the loop must never block.
public final class LoopThread: TaskExecutor, @unchecked Sendable {
    // Guard of the unchecked conformance: `mailbox` is a mutex; everything else that changes is
    // touched on the loop's own thread only, which `requireOnLoop()` asserts.

    public let name: String
    private let mailbox = Mutex(Mailbox())
    private let handles: LoopHandles
    private var localJobs: [UnownedJob] = []
    private var localWork: [@Sendable () -> Void] = []
    private var isDraining = false
    private let thread = Mutex<WorkerThread?>(nil)
    private let identity = Atomic<UInt>(0)
    /// Threads about to wake the loop. Its descriptor stays open until there are none.
    private let wakers = Atomic<Int>(0)

    private struct Mailbox {
        var jobs: [UnownedJob] = []
        var work: [@Sendable () -> Void] = []
        var isSignalled = false
        var isStopping = false
        /// The thread has ended; nothing that comes now will ever run.
        var isOver = false
    }

    /// Starts the thread. It runs until `stop()`.
    public init(name: String) {
        self.name = name
        self.handles = LoopHandles()
        unsafe handles.attach(owner: Unmanaged.passUnretained(self).toOpaque(), onWake: wakeCallback)
        startThread()
    }

    public var isCurrent: Bool {
        identity.load(ordering: .relaxed) == UInt(pthread_self())
    }

    /// Milliseconds of the loop's own clock, read once a turn.
    public var now: UInt64 {
        unsafe uv_now(handles.loop)
    }

    @inline(__always)
    public func requireOnLoop() {
        assert(isCurrent, "touched off its loop")
    }

    // MARK: Work

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            localJobs.append(job)
            return
        }
        post { $0.jobs.append(job) }
    }

    /// Runs `work` on the loop: soon when called there, at the next turn from elsewhere.
    public func execute(_ work: @escaping @Sendable () -> Void) {
        if isCurrent {
            localWork.append(work)
            return
        }
        post { $0.work.append(work) }
    }

    /// Runs `body` on this loop and returns what it made.
    ///
    /// A task of its own, because a function that inherits its caller's executor stays on it even
    /// under `withTaskExecutorPreference`.
    public func run<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) async -> Result {
        await Task(executorPreference: self, operation: body).value
    }

    private func post(_ change: (inout sending Mailbox) -> Void) {
        wakers.add(1, ordering: .acquiring)
        defer { wakers.subtract(1, ordering: .releasing) }
        let mustWake = mailbox.withLock { mailbox in
            guard !mailbox.isOver else { return false }
            change(&mailbox)
            defer { mailbox.isSignalled = true }
            return !mailbox.isSignalled
        }
        if mustWake { unsafe uv_async_send(handles.wake) }
    }

    /// Every entry from libuv into Swift passes here, so that what it made ready runs before the loop waits again.
    func turn(_ body: () -> Void) {
        body()
        drain()
    }

    private func drain() {
        guard !isDraining else { return }
        isDraining = true
        defer { isDraining = false }
        while true {
            let jobs = localJobs
            let work = localWork
            guard !jobs.isEmpty || !work.isEmpty else { return }
            localJobs.removeAll(keepingCapacity: false)
            localWork.removeAll(keepingCapacity: false)
            for item in work { item() }
            for job in jobs { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
    }

    fileprivate func wake() {
        turn {
            let received = mailbox.withLock { mailbox in
                let taken = (jobs: mailbox.jobs, work: mailbox.work, stop: mailbox.isStopping)
                mailbox.jobs.removeAll()
                mailbox.work.removeAll()
                mailbox.isSignalled = false
                return taken
            }
            localJobs.append(contentsOf: received.jobs)
            localWork.append(contentsOf: received.work)
            if received.stop { unsafe uv_stop(handles.loop) }
        }
    }

    // MARK: Life

    private func startThread() {
        do {
            // A woken loop waits for the turn of whoever runs, so that several requests share each turn.
            let started = try WorkerThread(name: name, scheduling: .gathering) { self.runUntilStopped() }
            thread.withLock { $0 = started }
        } catch {
            preconditionFailure("the system refused a thread for an event loop")
        }
    }

    private func runUntilStopped() {
        identity.store(UInt(pthread_self()), ordering: .relaxed)
        unsafe uv_run(handles.loop, UV_RUN_DEFAULT)
        drain()
    }

    /// Ends the loop and waits for its thread. Tasks still suspended on it never resume; finish them first.
    public func stop() {
        assert(!isCurrent, "a loop cannot wait for itself")
        post { $0.isStopping = true }
        thread.withLock { $0 }?.join()
        mailbox.withLock { $0.isOver = true }
        while wakers.load(ordering: .acquiring) > 0 { sched_yield() }
        handles.closeAll()
    }

    /// Whether `stop()` has run: there is no loop any more for handles to belong to.
    var isOver: Bool { mailbox.withLock { $0.isOver } }

    /// For the loop's own rooms: handles are made on, and belong to, this loop.
    var uv: UnsafeMutablePointer<uv_loop_t> { unsafe handles.loop }
}

/// The libuv structures of one loop, freed when the thread has ended.
@safe
private struct LoopHandles {
    let loop: UnsafeMutablePointer<uv_loop_t>
    let wake: UnsafeMutablePointer<uv_async_t>

    init() {
        unsafe loop = .allocate(capacity: 1)
        unsafe wake = .allocate(capacity: 1)
        let status = unsafe uv_loop_init(loop)
        precondition(status == 0, "the system refused an event loop")
    }

    func attach(owner: UnsafeMutableRawPointer, onWake: @escaping uv_async_cb) {
        unsafe wake.pointee.data = unsafe owner
        let status = unsafe uv_async_init(loop, wake, onWake)
        precondition(status == 0, "the system refused a wake-up descriptor")
    }

    /// Closes every handle still open, whoever made it, and lets their close callbacks run.
    func closeAll() {
        unsafe uv_walk(loop, closeWalked, nil)
        unsafe uv_run(loop, UV_RUN_DEFAULT)
        unsafe uv_loop_close(loop)
        unsafe wake.deallocate()
        unsafe loop.deallocate()
    }
}

// Callbacks stand at file level, nonisolated, because C calls them on the loop's thread.

private func wakeCallback(_ handle: UnsafeMutablePointer<uv_async_t>?) {
    guard let context = unsafe handle?.pointee.data else { return }
    unsafe Unmanaged<LoopThread>.fromOpaque(context).takeUnretainedValue().wake()
}

private func closeWalked(_ handle: UnsafeMutablePointer<uv_handle_t>?, _: UnsafeMutableRawPointer?) {
    guard let handle = unsafe handle, unsafe uv_is_closing(handle) == 0 else { return }
    unsafe uv_close(handle, nil)
}
