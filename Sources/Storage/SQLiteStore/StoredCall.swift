public import Domain

/// A recorded call and its place in the table.
public struct StoredCall: Hashable, Sendable {
    /// Grows in the order in which calls were committed.
    public var rowID: Int64
    public var record: CallRecord

    public init(rowID: Int64, record: CallRecord) {
        self.rowID = rowID
        self.record = record
    }
}
