import Accounts
import Domain
import Gateways
import JSON

/// Money as Cloudflare's clients read it.
enum BillingJSON {
    static func method(_ method: SavedMethod) -> JSONValue {
        ["brand": .text(method.brand), "last4": .text(method.lastDigits)]
    }

    static func automatic(_ topUp: AutomaticTopUp) -> JSONValue {
        [
            "amount": integer(topUp.amountCents), "threshold": integer(topUp.thresholdCents),
            "disabledReason": .text(topUp.disabledReason), "error": .text(topUp.error),
            "lastFailedAt": integer(topUp.lastFailedAt.map { $0.microseconds / 1_000 }),
        ]
    }

    /// Each payment was one invoice, paid when it was made.
    static func invoice(_ payment: CreditDesk.Payment) -> JSONValue {
        let posting = payment.posting.posting
        return [
            "id": .string(posting.reference), "amount_due": .cents(posting.paid), "amount_paid": .cents(posting.paid),
            "amount_remaining": 0, "currency": "usd", "attempt_count": 1, "attempted": true, "auto_advance": false,
            "created": .int(payment.posting.createdAt.seconds), "created_by": nil,
            "description": .string(posting.note), "invoice_origin": payment.isAutomatic ? "auto" : "manual",
            "invoice_pdf": nil, "status": "paid",
        ]
    }

    /// What this month has cost so far. Who pays before has paid it already.
    static func preview(_ rows: [UsageRow], _ period: ClosedRange<CalendarDay>, of account: Account) -> JSONValue {
        let due = rows.reduce(Nanodollars.zero) { $0 + $1.cost }
        let isPaid = account.plan == .prepaid
        let start = JSONValue.int(period.lowerBound.unixSeconds)
        let end = JSONValue.int(period.upperBound.unixSeconds + 86_400)
        let lines = rows.map { row -> JSONValue in
            let credits: JSONValue = [
                ["amount": .cents(row.cost), "type": "credit_balance_transaction"]
            ]
            return [
                "amount": .cents(row.cost), "currency": "usd", "description": .text(row.label),
                "period": ["start": start, "end": end], "pricing": ["unit_amount_decimal": nil],
                "quantity": .int(row.requests), "pretax_credit_amounts": isPaid ? credits : [],
            ]
        }
        return [
            "id": .string("\(account.id)_\(period.lowerBound.calendarMonth.text)"), "amount_due": .cents(due),
            "amount_paid": .cents(isPaid ? due : .zero), "amount_remaining": .cents(isPaid ? .zero : due),
            "currency": "usd", "invoice_lines": .array(lines), "period_start": start, "period_end": end,
            "status": "draft",
        ]
    }

    static func spent(_ spent: CreditDesk.Spent, _ window: CreditDesk.Window) -> JSONValue {
        [
            "id": .string("\(window.rawValue)_\(spent.start.seconds)"), "aggregated_value": .cents(spent.cost),
            "start_time": .int(spent.start.microseconds / 1_000), "end_time": .int(spent.end.microseconds / 1_000),
        ]
    }

    static func limit(_ limit: SpendingLimit?) -> JSONValue {
        [
            "config": [
                "amount": limit.map { .cents($0.amount) } ?? .null,
                "duration": .text(limit?.duration.rawValue), "strategy": limit == nil ? nil : "fixed",
            ],
            "enabled": .bool(limit != nil),
        ]
    }

    private static func integer(_ number: Int64?) -> JSONValue { number.map { .int($0) } ?? .null }
}

extension JSONValue {
    /// A number with as many decimals as there are.
    static func cents(_ amount: Nanodollars) -> JSONValue {
        JSONNumber(spelling: amount.centsText).map(JSONValue.number) ?? .null
    }
}
