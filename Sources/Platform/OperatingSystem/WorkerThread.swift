import Glibc
import Synchronization

/// A thread for work that blocks, with a body that runs once.
public final class WorkerThread: Sendable {
    /// The system refused another thread.
    public struct Refused: Error, Hashable, Sendable {
        public let errno: Int32
    }

    /// How the thread shares the processors with others.
    public enum Scheduling: Hashable, Sendable {
        case normal
        /// Does not interrupt a busy thread when it is woken, so that more work gathers for it
        /// while the processors are busy. Where one is idle it runs as soon as any other.
        case gathering
    }

    private let handle: Mutex<pthread_t?>

    /// The name is what tools show; the system keeps 15 bytes of it.
    public init(
        name: String, scheduling: Scheduling = .normal, body: sending @escaping () -> Void
    ) throws(Refused) {
        handle = Mutex(try Self.start(Body(name: name, scheduling: scheduling, run: body)))
    }

    /// Waits for the body to return. Only the first caller waits.
    public func join() {
        let running = handle.withLock { handle -> pthread_t? in
            defer { handle = nil }
            return handle
        }
        if let running { pthread_join(running, nil) }
    }

    /// Lets whoever else can run on this processor run first.
    public static func giveWay() {
        sched_yield()
    }

    /// Lets this thread rest, so that work gathers for it.
    public static func pause(milliseconds: Int) {
        var time = timespec(tv_sec: milliseconds / 1_000, tv_nsec: milliseconds % 1_000 * 1_000_000)
        // Only a signal ends it early, and that is no harm.
        _ = unsafe nanosleep(&time, nil)
    }

    deinit {
        handle.withLock { handle in
            if let handle { pthread_detach(handle) }
        }
    }

    private final class Body {
        let name: String
        let scheduling: Scheduling
        let run: () -> Void

        init(name: String, scheduling: Scheduling, run: @escaping () -> Void) {
            self.name = name
            self.scheduling = scheduling
            self.run = run
        }
    }

    private static func start(_ body: Body) throws(Refused) -> pthread_t {
        let context = unsafe Unmanaged.passRetained(body)
        var thread = pthread_t()
        // Signals are for the threads that expect them.
        var all = sigset_t()
        var previous = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_SETMASK, &all, &previous)
        let result = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                let body = unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
                nameThisThread(body.name)
                if body.scheduling == .gathering { letThisThreadGather() }
                body.run()
                return nil
            }, context.toOpaque())
        unsafe pthread_sigmask(SIG_SETMASK, &previous, nil)
        guard result == 0 else {
            unsafe context.release()
            throw Refused(errno: result)
        }
        return thread
    }
}

/// Through a file, for glibc's own call is hidden behind a feature macro.
private func nameThisThread(_ name: String) {
    let descriptor = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    let bytes = Array(name.utf8.prefix(15))
    _ = unsafe write(descriptor, bytes, bytes.count)
    close(descriptor)
}

/// A hint: where the system refuses it, the thread runs like any other.
private func letThisThreadGather() {
    /// `SCHED_BATCH`, which glibc hides behind a feature macro.
    let batch: Int32 = 3
    var parameter = sched_param()
    _ = unsafe pthread_setschedparam(pthread_self(), batch, &parameter)
}
