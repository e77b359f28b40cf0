import Domain
public import Gateways
import JSON
import Routing

/// `…/ai-gateway/billing`: money in cents.
public struct BillingRoutes: Sendable {
    private let desk: CreditDesk

    public init(_ desk: CreditDesk) {
        self.desk = desk
    }

    public var routes: [CloudflareRoute] {
        [
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/billing/credit-balance", balance),
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/billing/invoice-history", invoices),
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/billing/invoice-preview", preview),
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/billing/usage-history", usage),
            .manage("POST", "/client/v4/accounts/{account}/ai-gateway/billing/topup", least: .admin, topUp),
            .manage("POST", "/client/v4/accounts/{account}/ai-gateway/billing/topup/status", status),
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/billing/topup/config", automatic),
            .manage(
                "POST", "/client/v4/accounts/{account}/ai-gateway/billing/topup/config", least: .admin, setAutomatic),
            .manage(
                "DELETE", "/client/v4/accounts/{account}/ai-gateway/billing/topup/config", least: .admin,
                removeAutomatic),
            .manage("GET", "/client/v4/accounts/{account}/ai-gateway/billing/spending-limit", limit),
            .manage("POST", "/client/v4/accounts/{account}/ai-gateway/billing/spending-limit", least: .admin, setLimit),
            .manage(
                "DELETE", "/client/v4/accounts/{account}/ai-gateway/billing/spending-limit", least: .admin, removeLimit),
        ]
    }

    // MARK: What is there

    @Sendable private func balance(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let account = try call.owner.account
        let method = desk.savedMethod(of: account)
        return .result([
            "balance": .cents(desk.balance(of: account)), "has_default_payment_method": .bool(method != nil),
            "payment_method": method.map(BillingJSON.method) ?? .null,
            "topup_config": BillingJSON.automatic(desk.automatic(of: account)),
            "first_topup_success": .bool(try desk.hasPaid(account)),
        ])
    }

    @Sendable private func invoices(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let account = try call.owner.account
        let page = try CloudflarePage(call.query)
        let type = call.query.first("type") ?? "all"
        guard ["all", "auto", "manual"].contains(type) else {
            throw GatewayError(.invalidValue, "`type` must be auto, manual or all.", param: "type")
        }
        let found = try desk.payments(of: account).filter { type == "all" || $0.isAutomatic == (type == "auto") }
        return .result([
            "invoices": .array(page.slice(found).map(BillingJSON.invoice)),
            "pagination": [
                "has_more": .bool(page.offset + page.size < found.count), "page": .int(page.number),
                "per_page": .int(page.size), "total_count": .int(found.count),
            ],
        ])
    }

    @Sendable private func preview(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let account = try call.owner.account
        let (rows, period) = try desk.chargesThisMonth(of: account)
        return .result(BillingJSON.preview(rows, period, of: account))
    }

    @Sendable private func usage(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let account = try call.owner.account
        let name = "value_grouping_window"
        guard let window = call.query.first(name).flatMap(CreditDesk.Window.init) else {
            throw GatewayError(.invalidValue, "`\(name)` must be day or hour.", param: name)
        }
        let spent = try desk.spending(
            of: account, by: window, from: try Self.moment("start_time", call.query),
            to: try Self.moment("end_time", call.query))
        return .result(["history": .array(spent.map { BillingJSON.spent($0, window) })])
    }

    /// Milliseconds since 1970; some clients write parts of them.
    private static func moment(_ name: String, _ query: QueryParameters) throws(GatewayError) -> Timestamp? {
        guard let text = query.first(name), text != "null" else { return nil }
        guard let milliseconds = JSONNumber(spelling: text)?.double, (0...latestMillisecond).contains(milliseconds)
        else {
            throw GatewayError(
                .invalidValue, "`\(name)` must be a moment in milliseconds since 1970.", param: name)
        }
        return Timestamp(microseconds: Int64(milliseconds * 1_000))
    }

    /// The end of the year 9999.
    private static let latestMillisecond = 253_402_300_799_999.0

    // MARK: Paying

    @Sendable private func topUp(_ call: CloudflareCall) async throws(GatewayError) -> CloudflareReply {
        let begun = try await desk.topUp(call.owner.account, try call.sent())
        return .result([
            "client_secret": .text(begun.clientSecret), "onboarding": .bool(begun.isOnboarded),
            "payment_intent_id": .string(begun.paymentIntent), "brand": .text(begun.method?.brand),
            "last4": .text(begun.method?.lastDigits),
        ])
    }

    @Sendable private func status(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let (id, isPaid) = try desk.isPaid(try call.sent(), by: call.owner.account)
        return .result(["payment_intent_id": .string(id), "status": isPaid ? "completed" : "pending"])
    }

    @Sendable private func automatic(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(BillingJSON.automatic(desk.automatic(of: try call.owner.account)))
    }

    @Sendable private func setAutomatic(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(BillingJSON.automatic(try desk.setAutomatic(call.owner.account, try call.sent())))
    }

    @Sendable private func removeAutomatic(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        try desk.removeAutomatic(call.owner.account)
        return .result([:])
    }

    // MARK: Limits

    @Sendable private func limit(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        .result(BillingJSON.limit(SpendingLimit(try call.owner.account.limits)))
    }

    @Sendable private func setLimit(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let (principal, account) = try call.owner
        let limit = try desk.setLimit(account, try call.sent(), by: principal)
        return .result(BillingJSON.limit(limit))
    }

    @Sendable private func removeLimit(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let (principal, account) = try call.owner
        try desk.removeLimit(account, by: principal)
        return .result(BillingJSON.limit(nil))
    }
}
