public import Domain

extension MemoryStore: ReloadStore {
    public func autoReloads() throws(StoreError) -> [AutoReload] { try use { $0.reloads } }

    public func reloadAttemptsUnderWay() throws(StoreError) -> [ReloadAttempt] {
        try use { $0.attempts.filter(\.state.isUnderWay) }
    }

    public func reloadAttempt(_ id: String) throws(StoreError) -> ReloadAttempt? {
        try use { contents in contents.attempts.first { $0.id == id } }
    }

    public func reloadAttempts(of account: AccountID, since: Timestamp) throws(StoreError) -> Int {
        try use { contents in
            contents.attempts.count { $0.accountID == account && $0.beganAt >= since && $0.state != .failed }
        }
    }

    public func write(_ reload: AutoReload, _ attempt: ReloadAttempt?) throws(StoreError) {
        try change { contents throws(StoreError) in
            contents.reloads.removeAll { $0.accountID == reload.accountID }
            contents.reloads.append(reload)
            guard let attempt else { return }
            contents.attempts.removeAll { $0.id == attempt.id }
            let isSecond = contents.attempts.contains { $0.accountID == attempt.accountID && $0.state.isUnderWay }
            guard !isSecond || !attempt.state.isUnderWay else { throw .duplicate(attempt.id) }
            contents.attempts.append(attempt)
        }
    }
}
