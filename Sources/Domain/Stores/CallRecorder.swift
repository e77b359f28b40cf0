/// Where calls are written down. Returns when the record is committed, never before.
public protocol CallRecorder: Sendable {
    func record(_ record: CallRecord) async throws(StoreError)
    /// False while the last attempt to write failed; asked before a call is made, so that none is made in vain.
    var canRecord: Bool { get }
}

extension CallRecorder {
    public var canRecord: Bool { true }
}
