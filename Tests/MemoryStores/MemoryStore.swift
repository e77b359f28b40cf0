public import Domain
import Synchronization

/// Accounts, keys and budgets that are forgotten in the end.
public final class MemoryStore: Sendable {
    public struct Contents: Sendable {
        public internal(set) var accounts: [Account] = []
        public internal(set) var keys: [APIKey] = []
        public internal(set) var budgets: [Budget] = []
        public internal(set) var vendorKeys: [VendorKey] = []
        public internal(set) var postings: [StoredPosting] = []
        public internal(set) var calls: [CallRecord] = []
        public internal(set) var documents: [StoredDocument] = []
        public internal(set) var requests: [NamedRequest] = []
        public internal(set) var reloads: [AutoReload] = []
        public internal(set) var attempts: [ReloadAttempt] = []
        var generation: Int64 = 0
        var documentGeneration: Int64 = 0
    }

    /// What tests make of its behaviour.
    private struct Conduct {
        var failure: StoreError?
        var writesLeft = Int.max
        var writeFailure = StoreError.notWritten("the disk is full")
        var onUse: (@Sendable () -> Void)?
        var afterListingVendorKeys: (@Sendable () -> Void)?
    }

    private let state = Mutex((contents: Contents(), conduct: Conduct()))

    public init() {}

    /// What is in it, for tests to look at: no use, so it never fails and nobody is told.
    public var contents: Contents { state.withLock { $0.contents } }

    /// Everything fails with this from here on.
    public func fail(_ failure: StoreError?) { state.withLock { $0.conduct.failure = failure } }
    /// From here on so many writes are done, and the next ones fail. Reading goes on.
    public func allow(writes: Int, then failure: StoreError = .notWritten("the disk is full")) {
        state.withLock { ($0.conduct.writesLeft, $0.conduct.writeFailure) = (writes, failure) }
    }
    /// Called with each use, on the thread of whoever uses the store.
    public func onUse(_ action: (@Sendable () -> Void)?) { state.withLock { $0.conduct.onUse = action } }
    /// Called once, between the next listing of the vendor keys and whatever its caller does with them.
    public func afterListingVendorKeys(_ action: @escaping @Sendable () -> Void) {
        state.withLock { $0.conduct.afterListingVendorKeys = action }
    }
    public func add(_ call: CallRecord) { state.withLock { $0.contents.calls.append(call) } }

    func use<Result: Sendable>(_ work: (inout Contents) throws(StoreError) -> Result) throws(StoreError) -> Result {
        try enter { contents, _ throws(StoreError) in try work(&contents) }
    }

    func change<Result: Sendable>(_ work: (inout Contents) throws(StoreError) -> Result) throws(StoreError) -> Result {
        try enter { contents, conduct throws(StoreError) in
            guard conduct.writesLeft > 0 else { throw conduct.writeFailure }
            conduct.writesLeft -= 1
            contents.generation += 1
            return try work(&contents)
        }
    }

    private func enter<Result: Sendable>(
        _ work: (inout Contents, inout Conduct) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        state.withLock { $0.conduct.onUse }?()
        return try state.withLock { state throws(StoreError) in
            if let failure = state.conduct.failure { throw failure }
            return try work(&state.contents, &state.conduct)
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
    public func vendorKeys() throws(StoreError) -> [VendorKey] {
        let keys = try use { $0.vendorKeys }
        let action = state.withLock { state in
            defer { state.conduct.afterListingVendorKeys = nil }
            return state.conduct.afterListingVendorKeys
        }
        action?()
        return keys
    }

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

    public func insert(_ account: Account?, _ key: APIKey, for request: NamedRequest?) throws(StoreError) {
        try change { contents in
            if let account { contents.accounts.append(account) }
            contents.keys.append(key)
            guard let request else { return }
            let oldest = request.madeAt.seconds - NamedRequest.keptSeconds
            while let first = contents.requests.first, first.madeAt.seconds < oldest { contents.requests.removeFirst() }
            contents.requests.append(request)
        }
    }

    public func namedRequest(
        _ name: [UInt8], _ subject: NamedRequest.Subject, of account: AccountID, since: Timestamp
    ) throws(StoreError) -> NamedRequest? {
        try use { contents in
            contents.requests.first {
                $0.name == name && $0.subject == subject && $0.accountID == account && $0.madeAt >= since
            }
        }
    }

    public func namedRequests(of account: AccountID, since: Timestamp) throws(StoreError) -> Int {
        try use { contents in contents.requests.count { $0.accountID == account && $0.madeAt >= since } }
    }

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
        try change { contents in
            guard let index = contents.vendorKeys.firstIndex(where: { $0.id == key.id && $0.revokedAt == nil }) else {
                return false
            }
            contents.vendorKeys[index].alias = key.alias
            contents.vendorKeys[index].weight = key.weight
            contents.vendorKeys[index].sealed = key.sealed
            contents.vendorKeys[index].hint = key.hint
            return true
        }
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
