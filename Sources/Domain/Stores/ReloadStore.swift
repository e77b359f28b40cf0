/// Automatic top-ups. Called off the loops: implementations may block.
public protocol ReloadStore: Sendable {
    func autoReloads() throws(StoreError) -> [AutoReload]
    /// Those that are under way, at most one of an account.
    func reloadAttemptsUnderWay() throws(StoreError) -> [ReloadAttempt]
    func reloadAttempt(_ id: String) throws(StoreError) -> ReloadAttempt?
    /// Attempts of an account begun since then, without those that failed.
    func reloadAttempts(of account: AccountID, since: Timestamp) throws(StoreError) -> Int
    /// Writes both or neither, in the place of what was there. A second attempt under way is a duplicate.
    func write(_ reload: AutoReload, _ attempt: ReloadAttempt?) throws(StoreError)
}
