public import Domain
import Synchronization

/// Accounts, keys and budgets that are forgotten in the end.
public final class MemoryStore: Sendable {
    struct Contents {
        var accounts: [Account] = []
        var keys: [APIKey] = []
        var budgets: [Budget] = []
        var vendorKeys: [VendorKey] = []
        var postings: [StoredPosting] = []
        var calls: [CallRecord] = []
        var generation: Int64 = 0
        var failure: StoreError?
        var onUse: (@Sendable () -> Void)?
    }

    let contents = Mutex(Contents())

    public init() {}

    /// Everything fails with this from here on.
    public func fail(_ failure: StoreError?) { contents.withLock { $0.failure = failure } }
    /// Called with each use, on the thread of whoever uses the store.
    public func onUse(_ action: (@Sendable () -> Void)?) { contents.withLock { $0.onUse = action } }
    public func add(_ call: CallRecord) { contents.withLock { $0.calls.append(call) } }

    func use<Result: Sendable>(_ work: (inout Contents) throws(StoreError) -> Result) throws(StoreError) -> Result {
        contents.withLock { $0.onUse }?()
        return try contents.withLock { contents throws(StoreError) in
            if let failure = contents.failure { throw failure }
            return try work(&contents)
        }
    }

    func change<Result: Sendable>(_ work: (inout Contents) throws(StoreError) -> Result) throws(StoreError) -> Result {
        try use { contents throws(StoreError) in
            contents.generation += 1
            return try work(&contents)
        }
    }
}

extension MemoryStore: KeyStore {
    public func keyGeneration() throws(StoreError) -> Int64 { try use { $0.generation } }
    public func allKeys() throws(StoreError) -> [APIKey] { try use { $0.keys } }
    public func key(_ id: KeyID) throws(StoreError) -> APIKey? { try use { $0.keys.first { $0.id == id } } }
    public func accounts() throws(StoreError) -> [Account] { try use { $0.accounts } }
    public func account(_ id: AccountID) throws(StoreError) -> Account? {
        try use { $0.accounts.first { $0.id == id } }
    }
    public func budgets() throws(StoreError) -> [Budget] { try use { $0.budgets } }
    public func vendorKeys() throws(StoreError) -> [VendorKey] { try use { $0.vendorKeys } }

    public func activeKeys() throws(StoreError) -> [APIKey] {
        try use { contents in
            let open = Set(contents.accounts.filter { $0.closedAt == nil }.map(\.id))
            return contents.keys.filter { $0.revokedAt == nil && open.contains($0.accountID) }
        }
    }

    public func insert(_ account: Account) throws(StoreError) {
        try change { contents throws(StoreError) in
            guard !contents.accounts.contains(where: { $0.id == account.id }) else {
                throw .duplicate(account.id.rawValue)
            }
            contents.accounts.append(account)
        }
    }

    public func insert(_ key: APIKey) throws(StoreError) { try change { $0.keys.append(key) } }
    public func insert(_ key: VendorKey) throws(StoreError) { try change { $0.vendorKeys.append(key) } }

    public func insert(_ budget: Budget) throws(StoreError) {
        try change { contents throws(StoreError) in
            let isTaken = contents.budgets.contains { $0.accountID == budget.accountID && $0.tag == budget.tag }
            guard !isTaken else { throw .duplicate(budget.tag) }
            contents.budgets.append(budget)
        }
    }

    public func update(_ account: Account) throws(StoreError) -> Bool {
        try change { Self.replace(account, in: &$0.accounts) { $0.id == account.id } }
    }

    public func update(_ key: APIKey) throws(StoreError) -> Bool {
        try change { Self.replace(key, in: &$0.keys) { $0.id == key.id && $0.revokedAt == nil } }
    }

    public func update(_ budget: Budget) throws(StoreError) -> Bool {
        try change { Self.replace(budget, in: &$0.budgets) { $0.id == budget.id } }
    }

    public func update(_ key: VendorKey) throws(StoreError) -> Bool {
        try change { Self.replace(key, in: &$0.vendorKeys) { $0.id == key.id && $0.revokedAt == nil } }
    }

    private static func replace<Row>(_ row: Row, in rows: inout [Row], where isIt: (Row) -> Bool) -> Bool {
        guard let index = rows.firstIndex(where: isIt) else { return false }
        rows[index] = row
        return true
    }

    public func revoke(_ id: KeyID, at moment: Timestamp) throws(StoreError) -> Bool {
        try change { contents in
            guard let index = contents.keys.firstIndex(where: { $0.id == id && $0.revokedAt == nil }) else {
                return false
            }
            contents.keys[index].revokedAt = moment
            return true
        }
    }

    public func revoke(_ id: VendorKeyID, at moment: Timestamp) throws(StoreError) -> Bool {
        try change { contents in
            guard let index = contents.vendorKeys.firstIndex(where: { $0.id == id && $0.revokedAt == nil }) else {
                return false
            }
            contents.vendorKeys[index].revokedAt = moment
            return true
        }
    }

    public func removeBudget(_ id: BudgetID) throws(StoreError) -> Bool {
        try change { contents in
            let before = contents.budgets.count
            contents.budgets.removeAll { $0.id == id }
            return contents.budgets.count < before
        }
    }
}
