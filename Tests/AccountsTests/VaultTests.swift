import Crypto
import Domain
import MemoryStores
import Telemetry
import Testing

@testable import Accounts

@Suite("Vault")
struct VaultTests {
    static let first = [UInt8](repeating: 1, count: 32)
    static let second = [UInt8](repeating: 2, count: 32)
    private let vault: VendorKeyVault
    private let key: VendorKey

    init() throws {
        vault = try VendorKeyVault(current: Self.first)
        key = .row("vk_1", secret: "sk-vendor-secret-0123", by: vault)
    }

    @Test func `what was sealed opens, and never looks the same twice`() throws {
        #expect(try vault.open(key).reveal() == "sk-vendor-secret-0123")
        #expect(VendorKey.row("vk_1", secret: "sk-vendor-secret-0123", by: vault).sealed != key.sealed)
        let text = String(decoding: key.sealed, as: UTF8.self)
        #expect(!text.contains("vendor-secret"))
    }

    @Test(
        "A sealed key opens in its own row only",
        arguments: [
            ("vk_2", "acc_1", "openai"), ("vk_1", "acc_2", "openai"), ("vk_1", "acc_1", "anthropic"),
            // Parts that run together into the same letters are other parts all the same.
            ("vk_1a", "cc_1", "openai"), ("vk_1", "acc_1o", "penai"), ("", "vk_1acc_1", "openai"),
        ])
    func place(id: String, account: String, provider: String) {
        let moved = VendorKey(
            id: VendorKeyID(id), accountID: AccountID(account), provider: ProviderID(provider), alias: key.alias,
            weight: 1, sealed: key.sealed, hint: "", createdAt: key.createdAt)
        #expect(throws: VaultError.notAuthentic) { try vault.open(moved) }
    }

    @Test func `a change of any byte, or a missing one, is noticed`() {
        for position in key.sealed.indices {
            var changed = key
            changed.sealed[position] ^= 1
            #expect(throws: VaultError.self) { try vault.open(changed) }
            changed.sealed = Array(key.sealed.prefix(position))
            #expect(throws: VaultError.self) { try vault.open(changed) }
        }
    }

    @Test func `another master key opens nothing, and an older one opens what it sealed`() throws {
        #expect(throws: VaultError.unknownMasterKey) { try VendorKeyVault(current: Self.second).open(key) }
        let both = try VendorKeyVault(current: Self.second, older: [Self.first])
        #expect(try both.open(key).reveal() == "sk-vendor-secret-0123")
        #expect(!both.isSealedUnderCurrent(key))
        let anew = VendorKey.row("vk_1", by: both)
        #expect(both.isSealedUnderCurrent(anew))
        #expect(throws: VaultError.unknownMasterKey) { try vault.open(anew) }
    }

    @Test func `two master keys with the same mark are told apart`() throws {
        // The mark is one byte, so among 257 keys two have the same.
        var byMark: [UInt8: [UInt8]] = [:]
        for number in 0..<257 {
            let master = [UInt8](repeating: 0, count: 30) + [UInt8(number / 256), UInt8(number % 256)]
            let old = try VendorKeyVault(current: master)
            let row = VendorKey.row("vk_1", secret: "old", by: old)
            guard let twin = byMark.updateValue(master, forKey: row.sealed[0]) else { continue }
            #expect(throws: VaultError.notAuthentic) { try VendorKeyVault(current: twin).open(row) }
            let both = try VendorKeyVault(current: twin, older: [master])
            #expect(try both.open(row).reveal() == "old")
            #expect(!both.isSealedUnderCurrent(row))
            return
        }
        Issue.record("no two keys have the same mark")
    }

    @Test(
        "A master key is 32 bytes, in hexadecimal or base64",
        arguments: [
            (String(repeating: "0a", count: 32), true), (String(repeating: "0A", count: 32), true),
            (Base64.encode(first), true), (Base64.encode(first, .urlSafe), true), ("", false), ("hunter2", false),
            (String(repeating: "0a", count: 31), false), (String(repeating: "0a", count: 33), false),
            (Base64.encode(Array(first.dropLast())), false), (Base64.encode(first) + " ", false),
        ])
    func masterKeyText(text: String, isGood: Bool) {
        let bytes = try? VendorKeyVault.masterKey(from: text)
        #expect(bytes?.count == (isGood ? 32 : nil))
    }

    @Test(arguments: [0, 31, 33]) func `a vault is not made with a master key of another length`(count: Int) {
        let short = [UInt8](repeating: 1, count: count)
        #expect(throws: VaultError.notAMasterKey) { try VendorKeyVault(current: short) }
        #expect(throws: VaultError.notAMasterKey) { try VendorKeyVault(current: Self.first, older: [short]) }
    }

    @Test func `a vault keeps no more than a few older master keys`() {
        let many = (0...VendorKeyVault.mostOlderKeys).map { [UInt8](repeating: UInt8($0), count: 32) }
        #expect(throws: VaultError.tooManyMasterKeys(limit: VendorKeyVault.mostOlderKeys)) {
            try VendorKeyVault(current: Self.second, older: many)
        }
    }

    @Test func `a vault shows nothing when it is printed`() {
        var text = ""
        dump(vault, to: &text)
        print(vault, to: &text)
        // The master key is 32 times the byte 1; its mark is another byte.
        #expect(!text.contains("1, 1"))
        #expect(text.split(separator: "\n").filter { $0.hasSuffix("- 1") }.count < 2)
        #expect(text.contains("KeyedHash"))
    }
}

@Suite("Resealing")
struct VaultResealTests {
    private let old: VendorKeyVault
    private let both: VendorKeyVault
    private let new: VendorKeyVault
    private let store = MemoryStore()

    init() throws {
        old = try VendorKeyVault(current: VaultTests.first)
        both = try VendorKeyVault(current: VaultTests.second, older: [VaultTests.first])
        new = try VendorKeyVault(current: VaultTests.second)
        for number in 1...5 {
            try store.insert(VendorKey.row("vk_\(number)", secret: "secret \(number)", weight: number, by: old))
        }
    }

    @Test func `everything is sealed under the new master key, and nothing else changes`() throws {
        let before = store.contents.vendorKeys
        let report = try both.reseal(all: store)
        #expect(report == ResealReport(resealed: 5, alreadyCurrent: 0, unreadable: []))
        #expect(report.mayDropOlderKeys)
        for (number, key) in store.contents.vendorKeys.enumerated() {
            #expect(try new.open(key).reveal() == "secret \(number + 1)")
            #expect(throws: VaultError.unknownMasterKey) { try old.open(key) }
            var unsealed = key
            unsealed.sealed = before[number].sealed
            #expect(unsealed == before[number])
        }
        #expect(try both.reseal(all: store) == ResealReport(resealed: 0, alreadyCurrent: 5, unreadable: []))
    }

    @Test(arguments: 0...4) func `stopped halfway, both master keys open everything, and it can go on`(
        writes: Int
    ) throws {
        store.allow(writes: writes)
        #expect(throws: StoreError.self) { try both.reseal(all: store) }
        #expect(store.contents.vendorKeys.filter { both.isSealedUnderCurrent($0) }.count == writes)
        for (number, key) in store.contents.vendorKeys.enumerated() {
            #expect(try both.open(key).reveal() == "secret \(number + 1)")
        }
        store.allow(writes: .max)
        let report = try both.reseal(all: store)
        #expect(report == ResealReport(resealed: 5 - writes, alreadyCurrent: writes, unreadable: []))
        for key in store.contents.vendorKeys { #expect(throws: Never.self) { try new.open(key) } }
    }

    @Test func `a key that does not open is told of and left alone`() throws {
        let other = try VendorKeyVault(current: [UInt8](repeating: 9, count: 32))
        let foreign = VendorKey.row("vk_9", by: other)
        try store.insert(foreign)
        // One that was revoked needs no master key any more.
        try store.insert(VendorKey.row("vk_0", revoked: true, by: other))
        let report = try both.reseal(all: store)
        #expect(report == ResealReport(resealed: 5, alreadyCurrent: 0, unreadable: ["vk_9"].map { VendorKeyID($0) }))
        #expect(!report.mayDropOlderKeys)
        #expect(store.contents.vendorKeys.first { $0.id == foreign.id } == foreign)
    }

    @Test func `while it goes on, the ring finds every key`() throws {
        let account = Account(id: AccountID("acc_1"), name: "a", createdAt: Timestamp(seconds: 1))
        for _ in 0..<5 {
            store.allow(writes: 1)
            _ = try? both.reseal(all: store)
            #expect(VendorKeyRing().replace(with: store.contents.vendorKeys, accounts: [account], vault: both).isEmpty)
        }
        #expect(store.contents.vendorKeys.allSatisfy { both.isSealedUnderCurrent($0) })
    }
}
