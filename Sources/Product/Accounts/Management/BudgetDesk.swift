import Crypto
public import Domain

/// What a request says of a budget.
public struct BudgetFields: Sendable {
    public var limits = LimitChanges()
    public var action: Change<Budget.Action> = .keep
    public var thresholds: Change<[Int]> = .keep

    public init() {}

    func apply(to budget: inout Budget) {
        limits.apply(to: &budget.limits)
        action.apply(to: &budget.action, none: .block)
        thresholds.apply(to: &budget.thresholds, none: Self.usualThresholds)
    }

    private static let usualThresholds = [50, 80, 100]
}

/// Budgets of an account's tags. Called off the loops.
public struct BudgetDesk: Sendable {
    private let store: any KeyStore
    private let turn: ManagementTurn
    private let now: @Sendable () -> Timestamp

    public static let mostOfAnAccount = 10_000

    public init(store: any KeyStore, turn: ManagementTurn, now: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.turn = turn
        self.now = now
    }

    public func budgets(of caller: Caller) throws(GatewayError) -> [Budget] {
        try stored { () throws(StoreError) in try store.budgets() }.filter { $0.accountID == caller.account.id }
    }

    public func budget(_ id: BudgetID, of caller: Caller) throws(GatewayError) -> Budget {
        guard let budget = try budgets(of: caller).first(where: { $0.id == id }) else { throw .notFound("budget") }
        return budget
    }

    public func create(tag: String, _ fields: BudgetFields, for caller: Caller) throws(GatewayError) -> Budget {
        try turn.take { () throws(GatewayError) in
            let others = try budgets(of: caller)
            guard !others.contains(where: { $0.tag == tag }) else {
                throw GatewayError(.conflict, "There is a budget for this tag already.", param: "tag")
            }
            guard others.count < Self.mostOfAnAccount else {
                throw GatewayError(.conflict, "An account has \(Self.mostOfAnAccount) budgets at most.")
            }
            var budget = Budget(
                id: BudgetID("bud_" + SecureRandom.base62(length: 16)), accountID: caller.account.id, tag: tag,
                limits: .none, createdAt: now())
            fields.apply(to: &budget)
            let made = budget
            try stored { () throws(StoreError) in try store.insert(made) }
            return made
        }
    }

    public func update(_ id: BudgetID, _ fields: BudgetFields, for caller: Caller) throws(GatewayError) -> Budget {
        try turn.take { () throws(GatewayError) in
            var budget = try budget(id, of: caller)
            fields.apply(to: &budget)
            let changed = budget
            guard try stored({ () throws(StoreError) in try store.update(changed) }) else { throw .notFound("budget") }
            return changed
        }
    }

    public func remove(_ id: BudgetID, for caller: Caller) throws(GatewayError) {
        try turn.take { () throws(GatewayError) in
            let budget = try budget(id, of: caller)
            guard try stored({ () throws(StoreError) in try store.removeBudget(budget.id) }) else {
                throw .notFound("budget")
            }
        }
    }
}
