import Synchronization

/// Lets changes of things that belong together through one at a time, so that none is lost between reading a row and
/// writing it.
///
/// Callers wait for each other: never on a loop.
public final class ManagementTurn: Sendable {
    private let turn = Mutex(())

    public init() {}

    public func take<Result: Sendable, Failure: Error>(_ work: () throws(Failure) -> Result) throws(Failure) -> Result {
        try turn.withLock { _ throws(Failure) in try work() }
    }
}
