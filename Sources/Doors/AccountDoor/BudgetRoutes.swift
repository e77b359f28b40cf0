import Accounts
import Domain
import JSON

/// `/v1/budgets`
enum BudgetRoutes {
    private enum Period: String, CaseIterable {
        case month
    }

    private static let mostThresholds = 10
    private static let thresholdBounds = 1...1_000

    static func list(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let budgets = try desks.budgets.budgets(of: try call.caller)
        return try Paging(call.query).reply(budgets, id: \.id.rawValue) { json($0, desks) }
    }

    static func create(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let fields = try RequestFields(call, ["tag"] + names)
        let tag = try RequestFields.required(try fields.text("tag", longest: RequestFields.longestTag), "tag")
        let wanted = try read(fields)
        _ = try RequestFields.required(wanted.limits.monthly, "limit_cents")
        let budget = try desks.budgets.create(tag: tag, wanted, for: try call.caller)
        return .json(.object(json(budget, desks)), status: 201)
    }

    static func show(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        .json(.object(json(try desks.budgets.budget(BudgetID(call.id), of: try call.caller), desks)))
    }

    static func update(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let wanted = try read(try RequestFields(call, names))
        return .json(.object(json(try desks.budgets.update(BudgetID(call.id), wanted, for: try call.caller), desks)))
    }

    static func remove(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        try desks.budgets.remove(BudgetID(call.id), for: try call.caller)
        return Gone.reply(call.id, "budget")
    }

    private static let names = [
        "limit_cents", "period", "action", "thresholds", "daily_limit_cents", "rate_limit_rpm", "rate_limit_tpm",
        "max_concurrency",
    ]

    private static func read(_ fields: RequestFields) throws(GatewayError) -> BudgetFields {
        _ = try RequestFields.unclearable(try fields.word("period", Period.self), "period")
        var wanted = BudgetFields()
        wanted.limits = try fields.limits()
        wanted.limits.monthly = try RequestFields.unclearable(try fields.cents("limit_cents"), "limit_cents")
        wanted.limits.daily = try fields.cents("daily_limit_cents")
        wanted.action = try fields.word("action", Budget.Action.self)
        wanted.thresholds = try thresholds(fields)
        return wanted
    }

    private static func thresholds(_ fields: RequestFields) throws(GatewayError) -> Change<[Int]> {
        try fields.read("thresholds") { value throws(GatewayError) in
            let bounds = thresholdBounds
            guard let elements = value.arrayValue else { throw RequestFields.wrongType("thresholds", "an array") }
            let percents = elements.compactMap(\.intValue)
            guard elements.count <= mostThresholds, percents.count == elements.count,
                percents.allSatisfy(bounds.contains), zip(percents, percents.dropFirst()).allSatisfy({ $0 < $1 })
            else {
                throw RequestFields.invalid(
                    "thresholds",
                    "must be at most \(mostThresholds) whole percents from \(bounds.lowerBound) to \(bounds.upperBound), the least first."
                )
            }
            return percents
        }
    }

    private static func json(_ budget: Budget, _ desks: ManagementDesks) -> JSONObject {
        let spent = desks.money.spent(.tag(budget.accountID, budget.tag))
        return [
            "id": .string(budget.id.rawValue), "object": "budget", "tag": .string(budget.tag),
            "limit_cents": .cents(budget.limits.monthly), "period": .string(Period.month.rawValue),
            "daily_limit_cents": .cents(budget.limits.daily),
            "rate_limit_rpm": .integer(budget.limits.requestsPerMinute),
            "rate_limit_tpm": .integer(budget.limits.tokensPerMinute),
            "max_concurrency": .integer(budget.limits.concurrency),
            "action": .string(budget.action.rawValue), "thresholds": .array(budget.thresholds.map { .int($0) }),
            "spent_today_cents": .cents(spent.today), "spent_cents": .cents(spent.month),
            "resets_at": .int(CalendarDay(desks.now()).calendarMonth.next.firstDay.unixSeconds),
            "created_at": .seconds(budget.createdAt),
        ]
    }
}
