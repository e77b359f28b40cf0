/// One place where one task waits for one value, on one loop.
///
/// A value that comes before its waiter is kept, so nothing is lost between looking and waiting.
@safe
public final class Parking<Value: Sendable>: @unchecked Sendable {
    // Guard: touched on the thread of one loop only, whose tasks are its waiters.
    private var waiter: UnsafeContinuation<Value, Never>?
    private var early: Value?

    public init() {}

    public func park() async -> Value {
        if let value = early {
            early = nil
            return value
        }
        return unsafe await withUnsafeContinuation { continuation in
            unsafe waiter = unsafe continuation
        }
    }

    /// Wakes the waiter; its task goes on before the loop waits again.
    public func resume(_ value: Value) {
        guard let waiting = unsafe waiter else {
            early = value
            return
        }
        unsafe waiter = nil
        unsafe waiting.resume(returning: value)
    }
}
