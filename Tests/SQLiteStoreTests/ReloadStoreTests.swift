import Domain
import Testing

@testable import SQLiteStore

@Suite("Automatic top-ups in the store")
struct ReloadStoreTests {
    let directory: TemporaryDirectory
    let store: SQLiteStore

    init() throws {
        directory = try TemporaryDirectory()
        store = try SQLiteStore.open(directory: directory.path)
        try store.insert(Samples.account)
    }

    private static func full() -> AutoReload {
        var reload = AutoReload(Account.root)
        (reload.isEnabled, reload.thresholdCents, reload.amountCents) = (true, 500, 2_000)
        reload.method = SavedPaymentMethod(customer: "cus_1", id: "pm_1", brand: "visa", last4: "4242")
        reload.methodChangedAt = Timestamp(seconds: 1)
        (reload.failures, reload.pausedUntil) = (2, Timestamp(seconds: 3))
        (reload.lastAttemptAt, reload.lastError) = (Timestamp(microseconds: 4), "no")
        return reload
    }

    private static func attempt(
        _ id: String, _ state: ReloadAttempt.State = .asked, at seconds: Int64 = 10, paymentIntent: String? = nil
    ) -> ReloadAttempt {
        ReloadAttempt(
            id: id, accountID: Account.root, amountCents: 2_000, customer: "cus_1", paymentMethod: "pm_1",
            beganAt: Timestamp(seconds: seconds), state: state, paymentIntent: paymentIntent)
    }

    @Test func `they come back as they were written`() throws {
        for reload in [AutoReload(Account.root), Self.full()] {
            try store.write(reload, nil)
            #expect(try store.autoReloads() == [reload])
        }
        for state in ReloadAttempt.State.allCases {
            let attempt = Self.attempt("rel_1", state, paymentIntent: state == .asked ? nil : "pi_1")
            try store.write(Self.full(), attempt)
            #expect(try store.reloadAttempt("rel_1") == attempt)
            #expect(try store.reloadAttemptsUnderWay() == (state.isUnderWay ? [attempt] : []))
        }
        #expect(try store.reloadAttempt("rel_2") == nil)
    }

    @Test(arguments: [ReloadAttempt.State.asked, .processing, .taken])
    func `a second attempt under way is not written, and nothing with it`(state: ReloadAttempt.State) throws {
        let first = Self.attempt("rel_1", state)
        try store.write(Self.full(), first)
        var changed = Self.full()
        changed.failures = 0
        #expect(throws: StoreError.self) { try store.write(changed, Self.attempt("rel_2")) }
        #expect(try store.autoReloads() == [Self.full()])
        #expect(try store.reloadAttemptsUnderWay() == [first])
        try store.write(Self.full(), Self.attempt("rel_1", .failed))
        try store.write(Self.full(), Self.attempt("rel_2"))
    }

    @Test func `a payment is of one attempt`() throws {
        try store.write(Self.full(), Self.attempt("rel_1", .credited, paymentIntent: "pi_1"))
        #expect(throws: StoreError.self) {
            try store.write(Self.full(), Self.attempt("rel_2", .credited, paymentIntent: "pi_1"))
        }
    }

    @Test func `attempts are counted from a moment on, failed ones not`() throws {
        try store.write(Self.full(), Self.attempt("rel_1", .credited, at: 10))
        try store.write(Self.full(), Self.attempt("rel_2", .failed, at: 11))
        try store.write(Self.full(), Self.attempt("rel_3", .taken, at: 12))
        #expect(try store.reloadAttempts(of: Account.root, since: Timestamp(seconds: 10)) == 2)
        #expect(try store.reloadAttempts(of: Account.root, since: Timestamp(seconds: 11)) == 1)
        #expect(try store.reloadAttempts(of: AccountID("acc_2"), since: Timestamp(seconds: 0)) == 0)
    }

    @Test func `an account that is none has none`() throws {
        #expect(throws: StoreError.self) { try store.write(AutoReload(AccountID("acc_x")), nil) }
    }
}
