public import Domain

/// A recorded call and its place in the table.
public struct StoredCall: Hashable, Sendable {
    /// Grows in the order in which calls were committed.
    public var rowID: Int64
    public var record: CallRecord
    /// When it was written: the time and the day its cost counts for. Nil in rows from before there was money.
    public var committedAt: Timestamp?

    public init(rowID: Int64, record: CallRecord, committedAt: Timestamp? = nil) {
        self.rowID = rowID
        self.record = record
        self.committedAt = committedAt
    }
}
