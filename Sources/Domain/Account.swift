/// An owner of keys. The root account exists from the first start.
public struct Account: Hashable, Sendable {
    public static let root = AccountID("acc_root")

    public enum Plan: String, Hashable, Sendable, CaseIterable {
        /// Spends what was paid before, and no more.
        case prepaid = "payg"
        /// Is billed for what it spent.
        case postpaid
    }

    public var id: AccountID
    public var name: String
    public var createdAt: Timestamp
    public var plan: Plan
    /// Whose wallet pays; a sub-account has none of its own.
    public var parentID: AccountID?
    /// What the owner calls it in books of their own.
    public var externalReference: String?
    /// For calls that bring no tag.
    public var defaultTag: String?
    public var limits: Limits
    public var allowedModels: ModelAllowList
    /// Its keys are dead from here on; what it used stays.
    public var closedAt: Timestamp?

    public init(
        id: AccountID, name: String, createdAt: Timestamp, plan: Plan = .prepaid, parentID: AccountID? = nil,
        externalReference: String? = nil, defaultTag: String? = nil, limits: Limits = .none,
        allowedModels: ModelAllowList = .all, closedAt: Timestamp? = nil
    ) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
        self.plan = plan
        self.parentID = parentID
        self.externalReference = externalReference
        self.defaultTag = defaultTag
        self.limits = limits
        self.allowedModels = allowedModels
        self.closedAt = closedAt
    }

    /// Whether so much may be put into the wallet, with what is in it. A closed account may pay what it owes, and no
    /// more: nobody could spend it.
    public func accepts(_ credit: Nanodollars, with balance: Nanodollars) -> Bool {
        closedAt == nil || credit <= .zero || balance + credit <= .zero
    }

    /// The account whose wallet pays.
    public var payerID: AccountID { parentID ?? id }
}
