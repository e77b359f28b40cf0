import Accounts
import Billing
import Domain
import Gateways
import Metering
import OperatingSystem
import Pipeline
import SQLiteStore
import Settings
import Telemetry

/// Who may call and what they may spend, in memory: opened from the store, kept up by the refresher.
struct Standing: Sendable {
    let ring: KeyRing
    let treasury: Treasury
    let vendorKeys: VendorKeyRing
    let keeper: VendorKeyKeeper
    /// Under the master key there is at the moment.
    let vault: @Sendable () -> VendorKeyVault
    /// What the desks of gateways share. Here, for its secrets are sealed under the same master key.
    let gateways: GatewayOffice
    let refresher: StandingRefresher
    let lowBalance: LowBalanceWatch
    let reloads: AutoReloadDesk
    let authenticator: Authenticator

    static func open(
        _ cabinet: KeyCabinet, _ directory: DataDirectory, _ settings: Settings, log: Logger
    ) throws(StartError) -> Standing {
        let clock = SystemWallClock()
        let store = cabinet.store
        let vault = try LiveVault(directory, settings.vault)
        do throws(StoreError) {
            // Read before what it counts: a change in between is seen at the first look.
            let generation = try store.keyGeneration()
            let snapshot = try KeySnapshot(of: store)
            let ring = KeyRing(hash: cabinet.hash, snapshot)
            let treasury = try treasury(store, snapshot, settings, clock)
            let vendorKeys = VendorKeyRing()
            let takeVendorKeys = { @Sendable (keys: [VendorKey], accounts: [Account]) in
                for id in vendorKeys.replace(with: keys, accounts: accounts, vault: vault.current) {
                    log.warning("vendor key cannot be opened", ["id": .string(id.rawValue)])
                }
            }
            takeVendorKeys(try store.vendorKeys(), snapshot.accounts)
            let lowBalance = LowBalanceWatch(threshold: settings.lowBalance)
            lowBalance.watch(snapshot.accounts)
            let keeper = VendorKeyKeeper(store: store, vault: { vault.current }, now: clock.now)
            let gateways = GatewayOffice(
                store: store, sealer: LiveSealer { vault.current }, now: clock.now)
            let memory = StandingRefresher.Memory(
                keys: ring, treasury: treasury, takeVendorKeys: takeVendorKeys,
                followMasterKey: { () throws(StoreError) in try vault.follow(keeper, gateways, log) })
            return Standing(
                ring: ring, treasury: treasury, vendorKeys: vendorKeys,
                keeper: keeper, vault: { vault.current }, gateways: gateways,
                refresher: StandingRefresher(
                    store, memory, seen: generation, lowBalance: lowBalance, now: clock.now, log: log),
                lowBalance: lowBalance,
                reloads: try AutoReloadDesk(store: store, terms: settings.autoReloadTerms, now: clock.now),
                authenticator: Authenticator(keys: ring, clock: clock, proxies: settings.trustedProxies))
        } catch {
            throw .store(error)
        }
    }

    private static func treasury(
        _ store: any LedgerStore, _ snapshot: KeySnapshot, _ settings: Settings, _ clock: SystemWallClock
    ) throws(StoreError) -> Treasury {
        let today = CalendarDay(clock.now())
        let balances = try store.balances()
        let opening = TreasuryOpening(
            balances: balances.of, latestPosting: balances.latestPosting,
            spending: try store.spending(since: today.calendarMonth.firstDay), budgets: snapshot.budgets,
            tags: chosen(try store.tags(since: today), snapshot))
        let bounds = TreasuryBounds(
            scopes: settings.limits.trackedScopes, tagsPerDay: settings.limits.tagsPerDay)
        return Treasury(opening: opening, clock: clock, bounds: bounds)
    }

    /// Without those that budgets and accounts name.
    private static func chosen(_ tags: [TagUse], _ snapshot: KeySnapshot) -> [TreasuryOpening.PayersTag] {
        let defaults = Dictionary(snapshot.accounts.map { ($0.id, $0.defaultTag) }) { first, _ in first }
        let budgets = Set(snapshot.budgets.map { TreasuryOpening.PayersTag(payer: $0.accountID, tag: $0.tag) })
        return tags.compactMap { use in
            let tag = TreasuryOpening.PayersTag(payer: use.payer, tag: use.tag)
            return defaults[use.accountID] == use.tag || budgets.contains(tag) ? nil : tag
        }
    }
}

/// Vendor keys that accounts have attached, for the pipeline.
struct AttachedKeys: OwnKeys {
    let ring: VendorKeyRing

    func key(for principal: Principal, provider: ProviderID, alias: String?) -> Secret? {
        guard !ring.isEmpty else { return nil }
        var random = SystemRandomNumberGenerator()
        return ring.pick(account: principal.accountID, provider: provider, alias: alias, draw: random.next())?.secret
    }
}

/// The machine's own time.
struct SystemWallClock: WallClock {
    private let clock = SystemClock()

    func now() -> Timestamp { Timestamp(microseconds: clock.wallMicroseconds()) }
}
