/// Where calls are written down. Returns when the record is committed, never before.
public protocol CallRecorder: Sendable {
    func record(_ record: CallRecord) async throws(StoreError)
}
