public import Domain

/// Everything that can be managed, for whichever door asks.
public struct ManagementDesks: Sendable {
    public let keys: KeyDesk
    public let subAccounts: SubAccountDesk
    public let accounts: AccountDesk
    public let budgets: BudgetDesk
    public let vendorKeys: any VendorKeyBook
    public let autoReload: any AutoReloadBook
    public let cashier: Cashier
    public let usage: UsageDesk
    public let money: any MoneyView
    /// Vendors whose keys accounts may bring.
    public let vendors: @Sendable () -> [ProviderID]
    public let now: @Sendable () -> Timestamp

    public init(
        store: any KeyStore & LedgerStore & UsageReader, issuer: KeyIssuer, vendorKeys: any VendorKeyBook,
        autoReload: any AutoReloadBook, money: any MoneyView, terms: TopUpTerms,
        vendors: @escaping @Sendable () -> [ProviderID],
        now: @escaping @Sendable () -> Timestamp
    ) {
        let turn = ManagementTurn()
        keys = KeyDesk(store: store, issuer: issuer, turn: turn, now: now)
        subAccounts = SubAccountDesk(store: store, issuer: issuer, turn: turn, now: now)
        accounts = AccountDesk(store: store, issuer: issuer, turn: turn, now: now)
        budgets = BudgetDesk(store: store, turn: turn, now: now)
        self.vendorKeys = vendorKeys
        self.autoReload = autoReload
        cashier = Cashier(accounts: store, ledger: store, money: money, terms: terms, turn: turn)
        usage = UsageDesk(reader: store, accounts: store, now: now)
        self.money = money
        self.vendors = vendors
        self.now = now
    }
}
