import AccountDoor
import Accounts
import Billing
import Catalogue
import Domain
import HTTPServer
import Metering
import Settings
import Telemetry

/// The management routes over the store and the treasury of this server.
struct AccountWiring {
    private let settings: Settings
    private let cabinet: KeyCabinet
    private let standing: Standing
    private let catalogue: LiveCatalogue
    private let log: Logger

    init(
        _ settings: Settings, _ cabinet: KeyCabinet, _ standing: Standing, _ catalogue: LiveCatalogue, _ log: Logger
    ) {
        self.settings = settings
        self.cabinet = cabinet
        self.standing = standing
        self.catalogue = catalogue
        self.log = log
    }

    var desks: ManagementDesks {
        ManagementDesks(
            store: cabinet.store, issuer: cabinet.issuer, vendorKeys: KeeperBook(keeper: standing.keeper),
            autoReload: ReloadBook(desk: standing.reloads), money: TreasuryView(treasury: standing.treasury),
            terms: settings.topUpTerms,
            vendors: { [catalogue] in
                var seen: Set<ProviderID> = []
                return catalogue.current.models.map(\.provider).filter { seen.insert($0).inserted }
            }, now: SystemWallClock().now)
    }

    func door(_ desks: ManagementDesks) -> AccountDoor {
        AccountDoor(
            desks, authenticate: standing.authenticate,
            changed: { [refresher = standing.refresher] in await refresher.look() }, log: log)
    }
}

/// The treasury, for those who only look.
private struct TreasuryView: MoneyView {
    let treasury: Treasury

    func balance(of account: Account) -> Nanodollars { treasury.standing(of: account).balance }
    func held(of account: Account) -> Nanodollars { treasury.standing(of: account).held }
    func spent(_ scope: LimitScope) -> (today: Nanodollars, month: Nanodollars) { treasury.spent(scope) }
}

/// The keeper of vendors' keys, in the words of the management routes.
private struct KeeperBook: VendorKeyBook {
    let keeper: VendorKeyKeeper

    func keys(of account: AccountID) throws(StoreError) -> [VendorKey] { try keeper.keys(of: account) }

    func attach(
        _ secret: Secret, to account: AccountID, provider: ProviderID, alias: String, weight: Int
    ) throws(GatewayError) -> VendorKey {
        try keeper.attach(secret, to: account, provider: provider, alias: alias, weight: weight)
    }

    func change(
        _ id: VendorKeyID, of account: AccountID, secret: Secret?, alias: String?, weight: Int?
    ) throws(GatewayError) -> VendorKey {
        try keeper.change(id, of: account, .init(secret: secret, alias: alias, weight: weight))
    }

    func revoke(_ id: VendorKeyID, of account: AccountID) throws(GatewayError) {
        try keeper.revoke(id, of: account)
    }
}

/// The desk of automatic top-ups, in the words of the management routes.
private struct ReloadBook: AutoReloadBook {
    let desk: AutoReloadDesk

    var isOffered: Bool { desk.terms.isOffered }
    var leastThresholdCents: Int64 { AutoReloadTerms.leastThresholdCents }
    var leastAmountCents: Int64 { desk.terms.minimumCents }
    var mostCents: Int64 { AutoReloadTerms.mostCents }

    func standing(of account: Account) -> AutoReload { desk.standing(of: account.id) }

    func set(
        _ account: Account, isEnabled: Bool, thresholdCents: Int64, amountCents: Int64
    ) throws(GatewayError) -> AutoReload {
        try desk.set(account, isEnabled: isEnabled, thresholdCents: thresholdCents, amountCents: amountCents)
    }

    func remove(_ account: Account) throws(GatewayError) { try desk.remove(account.id) }
}
