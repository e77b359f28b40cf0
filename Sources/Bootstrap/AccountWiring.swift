import AccountDoor
import Accounts
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

    func door() -> AccountDoor {
        let desks = ManagementDesks(
            store: cabinet.store, issuer: cabinet.issuer, vendorKeys: standing.keeper, money: standing.treasury,
            terms: settings.topUpTerms,
            vendors: { [catalogue] in
                var seen: Set<ProviderID> = []
                return catalogue.current.models.map(\.provider).filter { seen.insert($0).inserted }
            }, now: SystemWallClock().now)
        return AccountDoor(
            desks, authenticate: standing.authenticate,
            changed: { [refresher = standing.refresher] in await refresher.look() }, log: log)
    }
}

extension Treasury: MoneyView {
    public func balance(of account: Account) -> Nanodollars { standing(of: account).balance }
    public func held(of account: Account) -> Nanodollars { standing(of: account).held }
}

extension VendorKeyKeeper: VendorKeyBook {
    public func change(
        _ id: VendorKeyID, of account: AccountID, secret: Secret?, alias: String?, weight: Int?
    ) throws(GatewayError) -> VendorKey {
        try change(id, of: account, Change(secret: secret, alias: alias, weight: weight))
    }
}
