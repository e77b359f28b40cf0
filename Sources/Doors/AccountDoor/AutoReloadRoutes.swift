import Accounts
import Domain
import JSON

/// `/v1/balance/auto-reload`
enum AutoReloadRoutes {
    static func show(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        .json(json(desks.autoReload.standing(of: try call.caller.account), desks))
    }

    static func set(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let fields = try RequestFields(call, ["enabled", "threshold_cents", "amount_cents"])
        let book = desks.autoReload
        let threshold = try cents("threshold_cents", atLeast: book.leastThresholdCents, fields, book)
        let amount = try cents("amount_cents", atLeast: book.leastAmountCents, fields, book)
        let isEnabled = try fields.flag("enabled").value ?? true
        let reload = try book.set(
            try call.caller.account, isEnabled: isEnabled, thresholdCents: threshold, amountCents: amount)
        return .json(json(reload, desks))
    }

    static func remove(_ call: ManagementCall, _ desks: ManagementDesks) throws(GatewayError) -> ManagementReply {
        let account = try call.caller.account
        try desks.autoReload.remove(account)
        return Gone.reply(account.id.rawValue, "auto_reload")
    }

    private static func cents(
        _ name: String, atLeast least: Int64, _ fields: RequestFields, _ book: any AutoReloadBook
    ) throws(GatewayError) -> Int64 {
        let bounds = Int(least)...Int(book.mostCents)
        return Int64(try RequestFields.required(try fields.integer(name, bounds), name))
    }

    /// Of a payment method only what its owner knows it by.
    private static func json(_ reload: AutoReload, _ desks: ManagementDesks) -> JSONValue {
        let method: JSONValue? = reload.method.map { ["brand": .text($0.brand), "last4": .text($0.last4)] }
        return [
            "object": "auto_reload", "account_id": .string(reload.accountID.rawValue),
            "available": .bool(desks.autoReload.isOffered), "enabled": .bool(reload.isEnabled),
            "threshold_cents": .integer(reload.thresholdCents.map(Int.init)),
            "amount_cents": .integer(reload.amountCents.map(Int.init)), "payment_method": method ?? .null,
            "last_attempt_at": .seconds(reload.lastAttemptAt), "last_error": .text(reload.lastError),
        ]
    }
}
