import Domain
import JSON

/// Payments with nobody there, and what they can be made with.
extension StripeEventReader {
    func paid(_ payment: JSONValue, _ type: String, at moment: JSONValue?) throws(GatewayError) -> StripeOutcome {
        guard let account = Self.account(in: payment) else { return .ignored(type: type) }
        guard Self.isReload(payment) else { return try savedMethod(payment, account, type, at: moment) }
        guard payment["currency"]?.stringValue == "usd" else {
            throw GatewayError(.invalidValue, "Payments are taken in US dollars only.", param: "currency")
        }
        let cents = try Self.cents(payment["amount_received"], "amount_received")
        return .reload(try reload(payment, account, .paid(cents: cents)))
    }

    func notPaid(_ payment: JSONValue, _ type: String) throws(GatewayError) -> StripeOutcome {
        guard let account = Self.account(in: payment), Self.isReload(payment) else { return .ignored(type: type) }
        let error = payment["last_payment_error"]
        let words = [error?["code"]?.stringValue, error?["decline_code"]?.stringValue]
        let isCanceled = type == "payment_intent.canceled"
        let why = StripeReloads.refusal(isCanceled ? ["canceled"] : words)
        return .reload(try reload(payment, account, .refused(why: why)))
    }

    /// The charge of a payment tells more of a card than the payment itself.
    func charged(_ charge: JSONValue, _ type: String, at moment: JSONValue?) throws(GatewayError) -> StripeOutcome {
        guard let account = Self.account(in: charge), !Self.isReload(charge) else { return .ignored(type: type) }
        return try savedMethod(charge, account, type, at: moment)
    }

    private func reload(
        _ payment: JSONValue, _ account: AccountID, _ result: StripeReload.Result
    ) throws(GatewayError) -> StripeReload {
        StripeReload(
            attemptID: try Self.id(payment["metadata"]?[Self.attemptKey], Self.attemptKey), account: account,
            paymentIntent: try Self.id(payment["id"], "id", prefix: "pi_"), result: result)
    }

    private func savedMethod(
        _ object: JSONValue, _ account: AccountID, _ type: String, at moment: JSONValue?
    ) throws(GatewayError) -> StripeOutcome {
        guard object["metadata"]?[Self.savingKey]?.stringValue == "true", object["customer"]?.stringValue != nil,
            object["payment_method"]?.stringValue != nil
        else { return .ignored(type: type) }
        guard let seconds = moment?.numberValue?.int64, (1...Self.latestSecond).contains(seconds) else {
            throw GatewayError(.invalidValue, "The event does not say when it happened.", param: "created")
        }
        let (brand, last4) = Self.face(of: object["payment_method_details"])
        let method = SavedPaymentMethod(
            customer: try Self.id(object["customer"], "customer"),
            id: try Self.id(object["payment_method"], "payment_method"), brand: brand, last4: last4)
        return .savedMethod(
            StripeSavedMethod(account: account, method: method, moment: Timestamp(seconds: seconds)))
    }

    /// What people know a payment method by.
    private static func face(of details: JSONValue?) -> (brand: String?, last4: String?) {
        guard let type = details?["type"]?.stringValue, StripeFailure.isWord(type), let face = details?[type] else {
            return (nil, nil)
        }
        let brand = face["brand"]?.stringValue ?? type
        let last4 = face["last4"]?.stringValue ?? ""
        let isFour = last4.utf8.count == 4 && last4.utf8.allSatisfy { (48...57).contains($0) }
        return (StripeFailure.isWord(brand) ? brand : type, isFour ? last4 : nil)
    }

    private static func account(in object: JSONValue) -> AccountID? {
        guard let name = object["metadata"]?[accountKey]?.stringValue, !name.isEmpty, name.utf8.count <= longestID
        else { return nil }
        return AccountID(name)
    }

    private static func isReload(_ object: JSONValue) -> Bool { object["metadata"]?[attemptKey] != nil }

    /// The end of the year 9999.
    private static let latestSecond: Int64 = 253_402_300_799
}
