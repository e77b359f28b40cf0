import Crypto
import Domain
import Glibc
import MemoryStores
import Synchronization
import Testing

@testable import Accounts

/// Counts.
private final class Counter: Sendable {
    private let value = Atomic<Int>(0)
    func next() -> Int { value.add(1, ordering: .relaxed).newValue }
}

/// What the journal says, and nothing held.
private struct JournalMoney: MoneyView {
    let store: MemoryStore

    func balance(of account: Account) -> Nanodollars { (try? store.balances().of[.wallet(account.payerID)]) ?? .zero }
    func held(of account: Account) -> Nanodollars { .zero }
    func spent(_ scope: LimitScope) -> (today: Nanodollars, month: Nanodollars) { (.zero, .zero) }
}

/// Memory that has not heard of the journal's latest yet.
private struct StaleMoney: MoneyView {
    let balance: Nanodollars

    func balance(of account: Account) -> Nanodollars { balance }
    func held(of account: Account) -> Nanodollars { .zero }
    func spent(_ scope: LimitScope) -> (today: Nanodollars, month: Nanodollars) { (.zero, .zero) }
}

@Suite("Management", .timeLimit(.minutes(1)))
struct ManagementTests {
    private let store = MemoryStore()
    private let issuer: KeyIssuer
    private let turn = ManagementTurn()
    private let account = Account(id: AccountID("acc_1"), name: "one", createdAt: Timestamp(seconds: 1))
    private let caller: Caller

    init() throws {
        let hash = try KeyedHash(key: [UInt8](repeating: 7, count: KeyedHash.keyByteCount))
        issuer = KeyIssuer(store: store, hash: hash) { Timestamp(seconds: 100) }
        try store.insert(account)
        let admin = try issuer.issue(name: "admin", account: account.id, role: .admin)
        caller = Caller(Principal(key: admin.key, account: account))
    }

    private func cashier(_ money: some MoneyView) -> Cashier {
        Cashier(accounts: store, ledger: store, money: money, terms: TopUpTerms(), turn: turn)
    }

    /// How many of many at once came through. Each use of the store gives way, so that whoever could come in between
    /// does.
    private func successes(_ work: @escaping @Sendable (Int) throws -> Void) async -> Int {
        store.onUse { for _ in 0..<100 { sched_yield() } }
        defer { store.onUse(nil) }
        return await withTaskGroup(of: Bool.self) { group in
            for number in 0..<16 {
                group.addTask { (try? work(number)) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
    }

    @Test func `of many who rotate a key at once, one does`() async throws {
        let desk = KeyDesk(store: store, issuer: issuer, turn: turn, now: { Timestamp(seconds: 100) })
        let old = try issuer.issue(name: "a", account: account.id).key
        let count = await successes { [caller] _ in _ = try desk.rotate(old.id, for: caller) }
        #expect(count == 1)
        #expect(try store.allKeys().count { $0.replaces == old.id } == 1)
    }

    @Test func `of many changes of one key at once, none is lost`() async throws {
        let desk = KeyDesk(store: store, issuer: issuer, turn: turn, now: { Timestamp(seconds: 100) })
        let key = try issuer.issue(name: "a", account: account.id).key
        _ = await successes { [caller] number in
            var fields = KeyFields()
            switch number % 4 {
            case 0: fields.limits.requestsPerMinute = .set(1)
            case 1: fields.limits.tokensPerMinute = .set(2)
            case 2: fields.limits.concurrency = .set(3)
            default: fields.limits.daily = .set(Nanodollars(4))
            }
            _ = try desk.update(key.id, fields, for: caller)
        }
        #expect(
            try store.key(key.id)?.scope.limits
                == Limits(requestsPerMinute: 1, tokensPerMinute: 2, concurrency: 3, daily: Nanodollars(4)))
    }

    @Test func `of many refunds of all there is, one is made`() async throws {
        let cashier = cashier(JournalMoney(store: store))
        let all = Nanodollars(1_000)
        _ = try cashier.adjust(account.id, by: all, reference: "credit", note: "")
        let count = await successes { [account] number in
            _ = try cashier.refund(account.id, amount: all, reference: "refund-\(number)", note: "")
        }
        #expect(count == 1)
        #expect(try store.balances().of[.wallet(account.id)] == .zero)
    }

    @Test func `a refund minds the journal when memory is behind, and memory when it is ahead`() throws {
        _ = try cashier(JournalMoney(store: store)).adjust(account.id, by: Nanodollars(10), reference: "a", note: "")
        for (known, amount, isMade) in [(1_000, 11, false), (9, 10, false), (1_000, 10, true)] as [(Int64, Int64, Bool)]
        {
            let cashier = cashier(StaleMoney(balance: Nanodollars(known)))
            let receipt = try? cashier.refund(account.id, amount: Nanodollars(amount), reference: "r", note: "")
            #expect((receipt != nil) == isMade, "\(known) \(amount)")
        }
    }

    @Test func `a reference is found however long ago it was`() throws {
        let cashier = cashier(JournalMoney(store: store))
        let paid = try #require(Nanodollars(cents: 100))
        for number in 0..<1_201 { _ = try cashier.topUp(account.id, paid: paid, reference: "\(number)", note: "") }
        for number in [0, 499, 500, 501, 999, 1_000, 1_200] {
            let again = try cashier.topUp(account.id, paid: paid, reference: "\(number)", note: "")
            #expect(!again.isNew)
            #expect(again.stored.id == Int64(number + 1))
        }
        #expect(try store.postings(after: 0, limit: .max).count == 1_201)
    }

    @Test func `an account comes with its key, or not at all`() throws {
        let desk = SubAccountDesk(store: store, issuer: issuer, turn: turn) { Timestamp(seconds: 100) }
        store.allow(writes: 0)
        #expect(throws: GatewayError.self) { try desk.create(AccountFields(), for: caller) }
        store.allow(writes: .max)
        #expect(try store.accounts() == [account])
        #expect(try desk.subAccounts(of: caller, includingClosed: true).isEmpty)
        #expect(try store.allKeys().count == 1)
    }

    @Test func `one request sent many times at once makes one thing`() async throws {
        let desk = SubAccountDesk(store: store, issuer: issuer, turn: turn) { Timestamp(seconds: 100) }
        let named = try Repetition(name: "once", body: [1])
        let secrets = Mutex(0)
        let answered = await successes { [caller] _ in
            let opened = try desk.create(AccountFields(), for: caller, as: named)
            if opened.secret != nil { secrets.withLock { $0 += 1 } }
        }
        #expect(answered == 16)
        #expect(secrets.withLock { $0 } == 1)
        #expect(try desk.subAccounts(of: caller).count == 1)
    }

    @Test func `a day has so many named requests and no more`() throws {
        let clock = Mutex(Timestamp(seconds: 1_000_000))
        let repetitions = Repetitions(store: store, issuer: issuer) { clock.withLock { $0 } }
        let known = try Repetition(name: "known", body: [])
        func note(_ repetition: Repetition) throws {
            let made = issuer.make(name: "", account: account.id, role: .member)
            let request = repetitions.request(repetition, .key, of: account.id, made: "", made.key.id)
            try store.insert(nil, made.key, for: request)
        }
        try note(known)
        for number in 1..<Repetitions.mostOfAnAccount { try note(Repetition(name: "\(number)", body: [])) }
        let new = try Repetition(name: "new", body: [])
        let error = #expect(throws: GatewayError.self) { try repetitions.earlier(new, .key, of: account.id) }
        #expect(error?.reason == .conflict)
        // Known ones are answered, and those of others and without a name are let in.
        #expect(try repetitions.earlier(known, .key, of: account.id) != nil)
        #expect(try repetitions.earlier(new, .key, of: AccountID("acc_2")) == nil)
        #expect(try repetitions.earlier(nil, .key, of: account.id) == nil)
        clock.withLock { $0 = Timestamp(seconds: 1_000_000 + NamedRequest.keptSeconds + 1) }
        #expect(try repetitions.earlier(new, .key, of: account.id) == nil)
    }

    @Test func `an account has so many keys and no more`() throws {
        let desk = KeyDesk(store: store, issuer: issuer, turn: turn, now: { Timestamp(seconds: 100) })
        for _ in 1..<KeyDesk.mostKeysOfAnAccount { _ = try issuer.issue(name: "", account: account.id) }
        #expect(throws: GatewayError.self) { try desk.create(KeyFields(), for: caller) }
        _ = try store.revoke(try #require(try store.allKeys().last).id, at: Timestamp(seconds: 1))
        _ = try desk.create(KeyFields(), for: caller)
    }

    @Test func `amounts of postings are seen from their account`() throws {
        let paid = try #require(Nanodollars(cents: 10_000))
        let payment = try #require(TopUpTerms().posting(paid: paid, of: account.id, reference: "a"))
        #expect(payment.paid == paid)
        #expect(payment.fee == Nanodollars(cents: 500))
        #expect(payment.credited == Nanodollars(cents: 9_500))
        let transfer = try #require(Transfer(Nanodollars(5), from: .wallet(account.id), to: .cash))
        let back = Posting(.refund, of: account.id, [transfer], reference: "b")
        #expect(back.credited == Nanodollars(-5) && back.paid == Nanodollars(-5) && back.fee == .zero)
    }
}
