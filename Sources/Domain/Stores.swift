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

/// Accounts and keys. Called off the loops: implementations may block.
public protocol KeyStore: Sendable {
    /// Grows with each change to accounts or keys, by whichever process made it.
    func keyGeneration() throws(StoreError) -> Int64
    /// Keys that were not revoked.
    func activeKeys() throws(StoreError) -> [APIKey]
    func allKeys() throws(StoreError) -> [APIKey]
    func account(_ id: AccountID) throws(StoreError) -> Account?
    func insert(_ account: Account) throws(StoreError)
    func insert(_ key: APIKey) throws(StoreError)
    /// Returns whether a key with that id existed and was active.
    func revoke(_ id: KeyID, at moment: Timestamp) throws(StoreError) -> Bool
}

/// Where calls are written down. Returns when the record is committed, never before.
public protocol CallRecorder: Sendable {
    func record(_ record: CallRecord) async throws(StoreError)
}
