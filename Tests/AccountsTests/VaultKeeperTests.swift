import Accounts
import Domain
import Glibc
import MemoryStores
import Synchronization
import Telemetry
import Testing

/// Work that another thread begins in the middle of something.
private final class Crossing: Sendable {
    private let task = Mutex<Task<Void, Never>?>(nil)
    private let over = Atomic(false)

    var isOver: Bool { over.load(ordering: .sequentiallyConsistent) }

    func begin(_ work: @escaping @Sendable () -> Void) {
        let begun = Task.detached { [self] in
            work()
            over.store(true, ordering: .sequentiallyConsistent)
        }
        task.withLock { $0 = begun }
    }

    func end() async { await task.withLock { $0 }?.value }
}

@Suite("Vendor key keeper")
struct VaultKeeperTests {
    private let store = MemoryStore()
    private let vault: VendorKeyVault
    private let keeper: VendorKeyKeeper
    private static let account = AccountID("acc_1")
    private static let openai = ProviderID("openai")

    init() throws {
        vault = try VendorKeyVault(current: VaultTests.first)
        keeper = VendorKeyKeeper(store: store, vault: vault) { Timestamp(seconds: 100) }
    }

    @Test func `a key is kept sealed, with its end as a hint`() throws {
        let key = try keeper.attach(Secret("sk-vendor-0123456789"), to: Self.account, provider: Self.openai)
        #expect(key.hint == "6789")
        #expect(key.alias == "default")
        #expect(key.weight == 1)
        #expect(key.id.rawValue.hasPrefix("vk_"))
        #expect(store.contents.vendorKeys == [key])
        #expect(try vault.open(key).reveal() == "sk-vendor-0123456789")
    }

    @Test func `of a short key nothing is shown`() throws {
        #expect(try keeper.attach(Secret("sk-short"), to: Self.account, provider: Self.openai).hint == "")
    }

    @Test(
        "Values beyond the bounds are refused",
        arguments: [
            ("", "a", 1, "key"), ("sk\r\nX-Evil: 1", "a", 1, "key"), ("sk\u{0}", "a", 1, "key"),
            (String(repeating: "k", count: 4_097), "a", 1, "key"), ("sk", "", 1, "alias"),
            ("sk", "a\nb", 1, "alias"), ("sk", String(repeating: "a", count: 65), 1, "alias"),
            ("sk", "a", -1, "weight"), ("sk", "a", 1_001, "weight"),
        ])
    func bounds(secret: String, alias: String, weight: Int, param: String) throws {
        let error = #expect(throws: GatewayError.self) {
            try keeper.attach(
                Secret(secret), to: Self.account, provider: Self.openai, alias: alias, weight: weight)
        }
        #expect(error?.reason == .invalidValue)
        #expect(error?.param == param)
        #expect(store.contents.vendorKeys.isEmpty)
    }

    @Test func `a change writes what it names and nothing else`() throws {
        let key = try keeper.attach(Secret("sk-vendor-0123456789"), to: Self.account, provider: Self.openai)
        var expected = key
        expected.weight = 0
        #expect(try keeper.change(key.id, of: Self.account, .init(weight: 0)) == expected)
        expected.alias = "blue"
        #expect(try keeper.change(key.id, of: Self.account, .init(alias: "blue")) == expected)
        let renewed = try keeper.change(key.id, of: Self.account, .init(secret: Secret("sk-vendor-new-abcdefgh")))
        #expect(renewed.hint == "efgh")
        #expect(try vault.open(store.contents.vendorKeys[0]).reveal() == "sk-vendor-new-abcdefgh")
    }

    @Test func `a foreign, unknown or revoked key is not there`() throws {
        let key = try keeper.attach(Secret("sk-1"), to: Self.account, provider: Self.openai)
        let other = AccountID("acc_2")
        let before = store.contents.vendorKeys
        #expect(throws: GatewayError.self) { try keeper.change(key.id, of: other, .init(weight: 3)) }
        #expect(throws: GatewayError.self) { try keeper.revoke(key.id, of: other) }
        #expect(throws: GatewayError.self) { try keeper.revoke(VendorKeyID("vk_none"), of: Self.account) }
        #expect(store.contents.vendorKeys == before)
        #expect(try keeper.keys(of: other).isEmpty)
        try keeper.revoke(key.id, of: Self.account)
        #expect(try keeper.keys(of: Self.account).isEmpty)
        let error = #expect(throws: GatewayError.self) { try keeper.revoke(key.id, of: Self.account) }
        #expect(error?.reason == .objectNotFound)
    }

    @Test func `an account has a hundred keys at most`() throws {
        for number in 0..<VendorKeyKeeper.mostKeysOfAnAccount {
            _ = try keeper.attach(Secret("sk-\(number)"), to: Self.account, provider: Self.openai)
        }
        let error = #expect(throws: GatewayError.self) {
            try keeper.attach(Secret("sk-more"), to: Self.account, provider: Self.openai)
        }
        #expect(error?.reason == .conflict)
        #expect(throws: Never.self) {
            try keeper.attach(Secret("sk"), to: AccountID("acc_2"), provider: Self.openai)
        }
    }

    @Test func `a store that cannot write is told without its words`() {
        store.allow(writes: 0)
        let error = #expect(throws: GatewayError.self) {
            try keeper.attach(Secret("sk-1"), to: Self.account, provider: Self.openai)
        }
        #expect(error?.reason == .recordFailed)
        #expect(error?.message.contains("disk") == false)
    }

    @Test func `a change that comes in the middle of resealing is not lost`() async throws {
        let id = try keeper.attach(Secret("old"), to: Self.account, provider: Self.openai).id
        let both = try VendorKeyVault(current: VaultTests.second, older: [VaultTests.first])
        let later = VendorKeyKeeper(store: store, vault: both) { Timestamp(seconds: 200) }
        let crossing = Crossing()
        store.afterListingVendorKeys {
            crossing.begin {
                _ = try? later.change(id, of: Self.account, .init(secret: Secret("new"), alias: "blue"))
            }
            // Time enough for it to come in between, were it let.
            for _ in 0..<20_000 where !crossing.isOver { sched_yield() }
        }
        #expect(try later.reseal().resealed == 1)
        await crossing.end()
        let row = try #require(store.contents.vendorKeys.first)
        #expect(row.alias == "blue")
        #expect(try VendorKeyVault(current: VaultTests.second).open(row).reveal() == "new")
    }
}
