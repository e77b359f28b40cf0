import Accounts
import Domain
import Telemetry
import Testing

@Suite("Vendor key ring")
struct VaultRingTests {
    private let vault: VendorKeyVault
    private let ring = VendorKeyRing()
    private static let openai = ProviderID("openai")

    init() throws { vault = try VendorKeyVault(current: VaultTests.first) }

    private func account(_ id: String, parent: String? = nil, closed: Bool = false) -> Account {
        Account(
            id: AccountID(id), name: id, createdAt: Timestamp(seconds: 1), parentID: parent.map { AccountID($0) },
            closedAt: closed ? Timestamp(seconds: 2) : nil)
    }

    private func pick(_ account: String, _ provider: ProviderID = openai, alias: String? = nil, draw: UInt64 = 0)
        -> String?
    {
        ring.pick(account: AccountID(account), provider: provider, alias: alias, draw: draw)?.id.rawValue
    }

    @Test func `a key is found with its secret, for its own account and vendor only`() throws {
        let keys = [VendorKey.row("vk_1", "acc_1", "openai", secret: "sk-1", by: vault)]
        #expect(ring.replace(with: keys, accounts: [account("acc_1"), account("acc_2")], vault: vault).isEmpty)
        let found = try #require(ring.pick(account: AccountID("acc_1"), provider: Self.openai, draw: 7))
        #expect(found.secret.reveal() == "sk-1")
        #expect("\(found)".contains("redacted"))
        #expect(pick("acc_2") == nil)
        #expect(pick("acc_1", ProviderID("anthropic")) == nil)
        #expect(pick("acc_9") == nil)
    }

    @Test(
        "Keys share the draws by their weights",
        arguments: [
            ([1, 1], ["vk_0": 6, "vk_1": 6]), ([3, 1], ["vk_0": 9, "vk_1": 3]),
            ([1, 2, 3], ["vk_0": 2, "vk_1": 4, "vk_2": 6]), ([0, 1], ["vk_1": 12]), ([-5, 1], ["vk_1": 12]),
            ([0, 0], [:]), ([.max, .max], ["vk_0": 12]),
        ] as [([Int], [String: Int])])
    func weights(weights: [Int], counts: [String: Int]) {
        let keys = weights.enumerated().map { VendorKey.row("vk_\($0)", weight: $1, by: vault) }
        ring.replace(with: keys.reversed(), accounts: [account("acc_1")], vault: vault)
        var seen: [String: Int] = [:]
        for draw in 0..<UInt64(12) {
            guard let id = pick("acc_1", draw: draw) else { continue }
            seen[id, default: 0] += 1
            #expect(pick("acc_1", draw: draw) == id)
        }
        #expect(seen == counts)
        #expect((pick("acc_1", draw: .max) == nil) == counts.isEmpty)
    }

    @Test(
        "An alias chooses among keys, also one of weight zero",
        arguments: [
            ("blue", "vk_1"), ("rest", "vk_2"), ("default", "vk_0"), ("none", nil), ("", nil), ("BLUE", nil),
        ] as [(String, String?)])
    func alias(alias: String, id: String?) {
        let keys = [
            VendorKey.row("vk_0", by: vault), .row("vk_1", alias: "blue", by: vault),
            .row("vk_2", alias: "rest", weight: 0, by: vault),
        ]
        ring.replace(with: keys, accounts: [account("acc_1")], vault: vault)
        #expect(pick("acc_1", alias: alias, draw: 5) == id)
    }

    @Test func `a sub-account uses its parent's keys when it has none`() {
        let accounts = [
            account("acc_1"), account("sa_own", parent: "acc_1"), account("sa_none", parent: "acc_1"),
            account("acc_2"),
        ]
        let keys = [
            VendorKey.row("vk_parent", "acc_1", by: vault),
            .row("vk_blue", "acc_1", alias: "blue", weight: 0, by: vault),
            .row("vk_own", "sa_own", by: vault), .row("vk_claude", "acc_1", "anthropic", by: vault),
        ]
        ring.replace(with: keys, accounts: accounts, vault: vault)
        #expect(pick("sa_none") == "vk_parent")
        #expect(pick("sa_own") == "vk_own")
        #expect(pick("sa_own", alias: "blue") == "vk_blue")
        #expect(pick("sa_own", ProviderID("anthropic")) == "vk_claude")
        #expect(pick("acc_1") == "vk_parent")
        #expect(pick("acc_2") == nil)
    }

    @Test func `revoked keys, those of closed accounts and unreadable ones are left out`() throws {
        let other = try VendorKeyVault(current: VaultTests.second)
        let keys = [
            VendorKey.row("vk_revoked", revoked: true, by: vault), .row("vk_closed", "acc_2", by: vault),
            .row("vk_foreign", by: other), .row("vk_good", by: vault), .row("vk_nobody", "acc_3", by: vault),
        ]
        let accounts = [account("acc_1"), account("acc_2", closed: true)]
        #expect(ring.replace(with: keys, accounts: accounts, vault: vault) == [VendorKeyID("vk_foreign")])
        #expect(ring.count == 1)
        #expect(Set((0..<8).map { pick("acc_1", draw: $0) }) == ["vk_good"])
        #expect(pick("acc_2") == nil)
    }

    @Test func `what is put in takes the place of all there was`() {
        ring.replace(with: [.row("vk_1", by: vault)], accounts: [account("acc_1")], vault: vault)
        ring.replace(with: [.row("vk_2", by: vault)], accounts: [account("acc_1")], vault: vault)
        #expect(pick("acc_1") == "vk_2")
        ring.replace(with: [], accounts: [account("acc_1")], vault: vault)
        #expect(pick("acc_1") == nil)
    }
}
