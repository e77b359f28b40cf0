internal import Glibc

/// What this process asks of the system about itself.
public enum CurrentProcess {
    /// The longest name a host can have on Linux, and the NUL behind it.
    private static let hostNameCapacity = 65

    public static var id: Int32 { getpid() }

    /// The machine's name, or `localhost` when it has none.
    public static var hostName: String {
        var name = [CChar](repeating: 0, count: hostNameCapacity)
        let result = systemCall { unsafe gethostname(&name, hostNameCapacity - 1) }
        guard case .value = result else { return "localhost" }
        let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return bytes.isEmpty ? "localhost" : String(decoding: bytes, as: UTF8.self)
    }

    /// Allows as many open files as the system permits. Answers the limit now in force.
    @discardableResult
    public static func raiseOpenFileLimit() -> Int {
        var limit = rlimit()
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard unsafe getrlimit(files, &limit) == 0 else { return 0 }
        let before = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        let raised = unsafe setrlimit(files, &limit) == 0
        return Int(clamping: raised ? limit.rlim_max : before)
    }

    /// Makes a write to a closed connection fail with an error instead of ending the process.
    public static func ignoreBrokenPipeSignal() {
        _ = signal(SIGPIPE, SIG_IGN)
    }
}

extension CurrentProcess {
    /// Processors this process may run on, which can be fewer than the machine has.
    public static var processorCount: Int {
        max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }

    public static func exit(_ status: Int32) -> Never {
        Glibc.exit(status)
    }
}
