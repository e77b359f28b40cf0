import CSQLite

extension Database {
    /// Steps of SQLite's virtual machine between two looks at the limit.
    private static let stepsPerLook: Int32 = 100_000

    /// Stops statements that run inside the body when they have taken so many steps of SQLite's virtual machine
    /// together: they fail as `interrupted`. A row that is looked at takes about ten.
    public func limitingWork<Success, Failure: Error>(
        steps: Int64, _ body: () throws(Failure) -> Success
    ) throws(Failure) -> Success {
        let allowance = WorkAllowance(looks: steps / Int64(Self.stepsPerLook))
        unsafe sqlite3_progress_handler(
            handle, Self.stepsPerLook,
            { context in
                guard let context = unsafe context else { return 0 }
                return unsafe Unmanaged<WorkAllowance>.fromOpaque(context).takeUnretainedValue().isUsedUp() ? 1 : 0
            }, Unmanaged.passUnretained(allowance).toOpaque())
        defer {
            unsafe sqlite3_progress_handler(handle, 0, nil, nil)
            withExtendedLifetime(allowance) {}
        }
        return try body()
    }
}

private final class WorkAllowance {
    private var looksLeft: Int64

    init(looks: Int64) {
        looksLeft = looks
    }

    func isUsedUp() -> Bool {
        looksLeft -= 1
        return looksLeft < 0
    }
}
