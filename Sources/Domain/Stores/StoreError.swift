/// Why a store could not do what it was asked.
public enum StoreError: Error, Hashable, Sendable {
    /// The store cannot be opened, or is not one of ours.
    case unusable(String)
    /// The disk is full, read-only or failing: nothing was written.
    case notWritten(String)
    /// A value that must be unique already exists.
    case duplicate(String)
    /// The queue before the store is full, or the store is closed.
    case closed
}
