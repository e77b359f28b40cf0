import Domain
import SQLite

/// What calls are summed by.
struct UsageDimensions: Hashable {
    var keyID: KeyID
    var accountID: AccountID
    var payer: AccountID
    /// Empty for none.
    var tag: String
    var model: ModelID
    var provider: ProviderID

    init(_ call: borrowing CallRecord) {
        keyID = call.keyID
        accountID = call.accountID
        payer = call.charge.payer
        tag = call.tag ?? ""
        model = call.model
        provider = call.provider
    }

    /// Reads a row of `usage_days` selected with `*`.
    init(_ row: borrowing Row) {
        keyID = KeyID(row.text(at: 1))
        accountID = AccountID(row.text(at: 2))
        payer = AccountID(row.text(at: 3))
        tag = row.text(at: 4)
        model = ModelID(row.text(at: 5))
        provider = ProviderID(row.text(at: 6))
    }
}

struct UsageSums: Hashable {
    /// What one call adds at most: more than any model takes, so that a vendor's absurd figures do not make sums that
    /// no longer fit.
    static let tokensPerCall = 1 << 40
    /// About a million dollars, for what is billed to owners of keys of their own.
    static let ownKeyCostPerCall = Nanodollars(1 << 50)

    var requests: Int64 = 0
    var promptTokens: Int64 = 0
    var completionTokens: Int64 = 0
    var cost = Nanodollars.zero
    var ownKeyCost = Nanodollars.zero

    init() {}

    /// Reads a row of `usage_days` selected with `*`.
    init(_ row: borrowing Row) {
        requests = row.integer(at: 7)
        promptTokens = row.integer(at: 8)
        completionTokens = row.integer(at: 9)
        cost = row.amount(at: 10)
        ownKeyCost = row.amount(at: 11)
    }

    mutating func add(_ call: borrowing CallRecord) {
        requests += 1
        promptTokens += Int64(min(max(0, call.usage.promptTokens), Self.tokensPerCall))
        completionTokens += Int64(min(max(0, call.usage.completionTokens), Self.tokensPerCall))
        if call.charge.isOnOwnKey {
            ownKeyCost += min(max(.zero, call.charge.vendorCost ?? .zero), Self.ownKeyCostPerCall)
        } else {
            cost += max(.zero, call.charge.cost)
        }
    }
}

extension CalendarDay {
    /// As `usage_days` has it.
    var number: Int64 { Int64(daysSince1970) }
}
