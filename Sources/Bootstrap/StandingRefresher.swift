import Domain
import Metering
import Pipeline
import SQLiteStore
import Telemetry

/// Brings changes of keys, accounts, vendor keys and wallets into the running gateway, also those another process made.
///
/// Runs off the loops: looking at the store may block.
actor StandingRefresher {
    /// What the gateway knows of them in memory.
    struct Memory: Sendable {
        let keys: KeyRing
        let treasury: Treasury
        let takeVendorKeys: @Sendable ([VendorKey], [Account]) -> Void
        /// Seals vendor keys anew when there is another master key.
        let followMasterKey: @Sendable () throws(StoreError) -> Void
    }

    private let store: SQLiteStore
    private let memory: Memory
    private let lowBalance: LowBalanceWatch
    private let now: @Sendable () -> Timestamp
    private let log: Logger
    /// The generation of keys that memory has.
    private var seen: Int64
    private var hasToldOfDisk = false

    /// A revoked key stops working within this time and the time of one look.
    static let interval = Duration.milliseconds(250)
    /// Postings taken over at once.
    private static let page = 1_000

    init(
        _ store: SQLiteStore, _ memory: Memory, seen: Int64, lowBalance: LowBalanceWatch,
        now: @escaping @Sendable () -> Timestamp, log: Logger
    ) {
        self.store = store
        self.memory = memory
        self.seen = seen
        self.lowBalance = lowBalance
        self.now = now
        self.log = log
    }

    func run() async {
        while !Task.isCancelled {
            look()
            await tryDisk()
            try? await Task.sleep(for: Self.interval)
        }
    }

    /// A disk that was full may have room again.
    private func tryDisk() async {
        do throws(StoreError) {
            if store.isFailing { try await store.probe() }
            if hasToldOfDisk { log.notice("calls can be recorded again") }
            hasToldOfDisk = false
        } catch {
            guard !hasToldOfDisk else { return }
            hasToldOfDisk = true
            log.error("calls are refused, as they cannot be recorded", ["why": .string(error.text)])
        }
    }

    /// One look at everything, also between the regular ones: whoever changed something calls it.
    func look() {
        do throws(StoreError) {
            for key in memory.keys.takeReplacedKeys() { _ = try store.revoke(key, at: now()) }
            try memory.followMasterKey()
            try takeKeys()
            try takePostings()
        } catch {
            // What was last known stays: a store that is away must not stop inference.
            log.warning("keys and wallets could not be refreshed")
        }
    }

    private func takeKeys() throws(StoreError) {
        let generation = try store.keyGeneration()
        guard generation != seen else { return }
        let snapshot = try KeySnapshot(of: store)
        memory.takeVendorKeys(try store.vendorKeys(), snapshot.accounts)
        memory.keys.replace(with: snapshot)
        lowBalance.watch(snapshot.accounts)
        seen = generation
    }

    private func takePostings() throws(StoreError) {
        while true {
            let postings = try store.postings(after: memory.treasury.latestPosting, limit: Self.page)
            for posting in postings { memory.treasury.apply(posting) }
            guard postings.count == Self.page else { break }
        }
        for (account, balance) in lowBalance.fallen(memory.treasury) {
            log.warning(
                "wallet is low", ["account": .string(account.id.rawValue), "balance_usd": .string(balance.dollarsText)])
        }
    }
}

extension KeySnapshot {
    init(of store: any KeyStore) throws(StoreError) {
        self.init(keys: try store.activeKeys(), accounts: try store.accounts(), budgets: try store.budgets())
    }
}

extension StoreError {
    /// For the log.
    fileprivate var text: String {
        switch self {
        case .unusable(let text), .notWritten(let text), .duplicate(let text): text
        case .closed: "the store is closed"
        }
    }
}
