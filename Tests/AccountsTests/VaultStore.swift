import Accounts
import Domain
import Synchronization
import Telemetry

/// Vendor keys in memory, and a write that fails when it is told to.
final class VaultStore: KeyStore {
    struct Contents {
        var keys: [VendorKey] = []
        var writesLeft = Int.max
        var afterListing: (@Sendable () -> Void)?
    }

    private let contents = Mutex(Contents())

    init(_ keys: [VendorKey] = []) { contents.withLock { $0.keys = keys } }

    /// From here on so many writes are done, and the next ones fail.
    func allow(writes: Int) { contents.withLock { $0.writesLeft = writes } }

    var keys: [VendorKey] { contents.withLock { $0.keys } }

    private func write<Value>(_ change: (inout Contents) -> Value) throws(StoreError) -> Value {
        let value = contents.withLock { contents -> Value? in
            guard contents.writesLeft > 0 else { return nil }
            contents.writesLeft -= 1
            return change(&contents)
        }
        guard let value else { throw .notWritten("the disk is full") }
        return value
    }

    /// Runs that once, between the next listing of the keys and whatever its caller does with them.
    func afterNextListing(_ work: @escaping @Sendable () -> Void) { contents.withLock { $0.afterListing = work } }

    func vendorKeys() throws(StoreError) -> [VendorKey] {
        let (keys, work) = contents.withLock { contents in
            defer { contents.afterListing = nil }
            return (contents.keys, contents.afterListing)
        }
        work?()
        return keys
    }

    func insert(_ key: VendorKey) throws(StoreError) { try write { $0.keys.append(key) } }

    func update(_ key: VendorKey) throws(StoreError) -> Bool {
        try write { contents in
            guard let index = contents.keys.firstIndex(where: { $0.id == key.id && $0.revokedAt == nil }) else {
                return false
            }
            contents.keys[index].alias = key.alias
            contents.keys[index].weight = key.weight
            contents.keys[index].sealed = key.sealed
            contents.keys[index].hint = key.hint
            return true
        }
    }

    func revoke(_ id: VendorKeyID, at moment: Timestamp) throws(StoreError) -> Bool {
        try write { contents in
            guard let index = contents.keys.firstIndex(where: { $0.id == id && $0.revokedAt == nil }) else {
                return false
            }
            contents.keys[index].revokedAt = moment
            return true
        }
    }

    // What vendor keys do not touch.
    func keyGeneration() throws(StoreError) -> Int64 { 0 }
    func activeKeys() throws(StoreError) -> [APIKey] { [] }
    func allKeys() throws(StoreError) -> [APIKey] { [] }
    func key(_ id: KeyID) throws(StoreError) -> APIKey? { nil }
    func account(_ id: AccountID) throws(StoreError) -> Account? { nil }
    func accounts() throws(StoreError) -> [Account] { [] }
    func insert(_ account: Account) throws(StoreError) {}
    func insert(_ key: APIKey) throws(StoreError) {}
    func update(_ account: Account) throws(StoreError) -> Bool { false }
    func update(_ key: APIKey) throws(StoreError) -> Bool { false }
    func revoke(_ id: KeyID, at moment: Timestamp) throws(StoreError) -> Bool { false }
    func budgets() throws(StoreError) -> [Budget] { [] }
    func insert(_ budget: Budget) throws(StoreError) {}
    func update(_ budget: Budget) throws(StoreError) -> Bool { false }
    func removeBudget(_ id: BudgetID) throws(StoreError) -> Bool { false }
}

extension VendorKey {
    /// A row for tests, sealed by that vault.
    static func row(
        _ id: String, _ account: String = "acc_1", _ provider: String = "openai", secret: String = "sk-vendor-1",
        alias: String = "default", weight: Int = 1, revoked: Bool = false, by vault: VendorKeyVault
    ) -> VendorKey {
        let id = VendorKeyID(id)
        let account = AccountID(account)
        let provider = ProviderID(provider)
        return VendorKey(
            id: id, accountID: account, provider: provider, alias: alias, weight: weight,
            sealed: vault.seal(Secret(secret), as: id, of: account, for: provider), hint: "",
            createdAt: Timestamp(seconds: 1), revokedAt: revoked ? Timestamp(seconds: 2) : nil)
    }
}
