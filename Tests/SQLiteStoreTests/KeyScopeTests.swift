import Domain
import Testing

@testable import SQLiteStore

@Suite("What accounts and keys are held to")
struct KeyScopeTests {
    let directory: TemporaryDirectory
    let store: SQLiteStore

    static let limits = Limits(
        requestsPerMinute: 1, tokensPerMinute: 2, concurrency: 3, daily: Nanodollars(4), monthly: Nanodollars(5))

    init() throws {
        directory = try TemporaryDirectory()
        store = try SQLiteStore.open(directory: directory.path)
        try store.insert(Samples.account)
    }

    private var subAccount: Account {
        Account(
            id: AccountID("acc_sub"), name: "Sub", createdAt: Timestamp(seconds: 1_700_000_002), plan: .postpaid,
            parentID: Account.root, externalReference: "crm-7", defaultTag: "seven", limits: Self.limits,
            allowedModels: ModelAllowList(["openai/*", "embedding"]), closedAt: Timestamp(seconds: 9))
    }

    private var scopedKey: APIKey {
        var key = Samples.key("scoped")
        key.role = .admin
        key.scope = KeyScope(
            limits: Self.limits, allowedModels: ModelAllowList(["a/b"]), allowedAddresses: ["10.0.0.0/8", "::1"],
            expiresAt: Timestamp(seconds: 1_900_000_000))
        key.replaces = KeyID("key_old")
        return key
    }

    @Test func `all of an account comes back`() throws {
        try store.insert(subAccount)
        #expect(try store.account(subAccount.id) == subAccount)
        #expect(try store.accounts() == [Samples.account, subAccount])
    }

    @Test func `an update of an account writes everything but the id and the day`() throws {
        try store.insert(subAccount)
        var changed = Account(
            id: subAccount.id, name: "New", createdAt: Timestamp(seconds: 5), externalReference: nil,
            limits: Limits(daily: Nanodollars(7)))
        #expect(try store.update(changed))
        changed.createdAt = subAccount.createdAt
        #expect(try store.account(subAccount.id) == changed)
        #expect(try store.update(subAccount))
        #expect(try store.account(subAccount.id) == subAccount)
        changed.id = AccountID("acc_none")
        #expect(try !store.update(changed))
    }

    @Test func `all of a key comes back, and is found by its id`() throws {
        try store.insert(scopedKey)
        #expect(try store.key(scopedKey.id) == scopedKey)
        #expect(try store.allKeys() == [scopedKey])
        #expect(try store.activeKeys() == [scopedKey])
        #expect(try store.key(KeyID("key_none")) == nil)
    }

    @Test func `an update of a key writes name, role and scope`() throws {
        try store.insert(scopedKey)
        var changed = Samples.key("other")
        changed.id = scopedKey.id
        changed.role = .keyOnly
        #expect(try store.update(changed))
        var expected = scopedKey
        expected.name = "other"
        expected.role = .keyOnly
        expected.scope = KeyScope()
        #expect(try store.key(scopedKey.id) == expected)
        #expect(try store.revoke(scopedKey.id, at: Timestamp(seconds: 3)))
        #expect(try !store.update(changed))
        #expect(try !store.update(Samples.key("none")))
    }

    @Test func `keys of closed accounts are dead, those of their sub-accounts too`() throws {
        var sub = subAccount
        sub.closedAt = nil
        try store.insert(sub)
        let keys = [Samples.key("a"), Samples.key("b", account: sub.id, created: 1_700_000_003)]
        for key in keys { try store.insert(key) }
        #expect(try store.activeKeys() == keys)
        sub.closedAt = Timestamp(seconds: 9)
        #expect(try store.update(sub))
        #expect(try store.activeKeys() == [keys[0]])
        sub.closedAt = nil
        #expect(try store.update(sub))
        var root = Samples.account
        root.closedAt = Timestamp(seconds: 9)
        #expect(try store.update(root))
        #expect(try store.activeKeys().isEmpty)
        #expect(try store.allKeys() == keys)
    }

    @Test(arguments: [[], [""], ["a"], ["", ""], ["a\nb", "c"], ["\\n", "\\", "\n\\\n"], ["é"]])
    func `lists of texts keep their lines apart`(_ texts: [String]) {
        #expect(TextList.texts(TextList.column(texts)) == texts)
    }

    // MARK: Budgets

    private var budget: Budget {
        Budget(
            id: BudgetID("bud_1"), accountID: Account.root, tag: "team", limits: Self.limits, action: .alert,
            thresholds: [10, 90], createdAt: Timestamp(seconds: 1))
    }

    @Test func `a budget comes back, changes and goes`() throws {
        try store.insert(budget)
        #expect(try store.budgets() == [budget])
        var changed = budget
        changed.tag = "crew"
        changed.limits = .none
        changed.action = .block
        changed.thresholds = []
        #expect(try store.update(changed))
        #expect(try store.budgets() == [changed])
        #expect(try store.removeBudget(budget.id))
        #expect(try !store.removeBudget(budget.id))
        #expect(try !store.update(budget))
        #expect(try store.budgets().isEmpty)
    }

    @Test func `a tag has one budget in an account`() throws {
        try store.insert(budget)
        var second = budget
        second.id = BudgetID("bud_2")
        let error = #expect(throws: StoreError.self) { try store.insert(second) }
        #expect(error?.duplicate != nil)
        second.tag = "other"
        try store.insert(second)
        second.tag = budget.tag
        let again = #expect(throws: StoreError.self) { try store.update(second) }
        #expect(again?.duplicate != nil)
        second.accountID = AccountID("acc_none")
        second.id = BudgetID("bud_3")
        let orphan = #expect(throws: StoreError.self) { try store.insert(second) }
        #expect(orphan?.notWritten?.hasPrefix("the account does not exist") == true)
    }

    // MARK: Vendor keys

    private var vendorKey: VendorKey {
        VendorKey(
            id: VendorKeyID("vk_1"), accountID: Account.root, provider: ProviderID("openai"), alias: "default",
            weight: 2, sealed: [0, 1, 255], hint: "…abcd", createdAt: Timestamp(seconds: 1))
    }

    @Test func `a vendor key comes back, changes and is revoked once`() throws {
        try store.insert(vendorKey)
        #expect(try store.vendorKeys() == [vendorKey])
        var changed = vendorKey
        changed.alias = "second"
        changed.weight = 5
        changed.sealed = [9]
        changed.hint = "…wxyz"
        #expect(try store.update(changed))
        #expect(try store.vendorKeys() == [changed])
        #expect(try store.revoke(vendorKey.id, at: Timestamp(seconds: 8)))
        #expect(try !store.revoke(vendorKey.id, at: Timestamp(seconds: 9)))
        #expect(try !store.update(vendorKey))
        changed.revokedAt = Timestamp(seconds: 8)
        #expect(try store.vendorKeys() == [changed])
        let error = #expect(throws: StoreError.self) { try store.insert(vendorKey) }
        #expect(error?.duplicate != nil)
    }

    @Test func `the generation grows with accounts, keys, budgets and vendor keys`() throws {
        try store.insert(subAccount)
        try store.insert(scopedKey)
        let changes: [() throws -> Void] = [
            { _ = try store.update(subAccount) }, { _ = try store.update(scopedKey) }, { try store.insert(budget) },
            { _ = try store.update(budget) }, { _ = try store.removeBudget(budget.id) },
            { try store.insert(vendorKey) }, { _ = try store.update(vendorKey) },
            { _ = try store.revoke(vendorKey.id, at: Timestamp(seconds: 1)) },
        ]
        for (number, change) in changes.enumerated() {
            let before = try store.keyGeneration()
            try change()
            #expect(try store.keyGeneration() > before, "change \(number)")
        }
        let before = try store.keyGeneration()
        _ = try store.post(Samples.topUp(5, reference: "r"))
        #expect(try store.keyGeneration() == before)
    }
}
