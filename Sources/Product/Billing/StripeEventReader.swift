import Domain
import JSON

/// Reads the few members of an event that money hangs on. The signature was good, and yet nothing is believed that
/// could not be meant.
struct StripeEventReader {
    let terms: TopUpTerms

    /// Where the account stands in the metadata of sessions and payments.
    static let accountKey = "aigateway_account"
    /// Where the attempt stands in the metadata of payments that were asked for with nobody there.
    static let attemptKey = "aigateway_reload"
    /// Marks payments whose payment method is to be kept.
    static let savingKey = "aigateway_save_payment_method"
    /// Stripe's own limit on an amount: eight digits.
    static let mostCents: Int64 = 99_999_999
    private static let maximumDepth = 64
    static let longestID = 255

    func read(_ body: [UInt8]) throws(GatewayError) -> StripeEvent {
        let root: JSONValue
        do {
            root = try JSONScanner(maximumBytes: StripeWebhook.mostBodyBytes).value(
                body, maximumDepth: Self.maximumDepth)
        } catch {
            throw GatewayError(.invalidBody, "The event is not JSON.")
        }
        let id = try Self.id(root["id"], "id")
        let type = try Self.id(root["type"], "type", extra: ".")
        guard let object = root["data"]?["object"], object.objectValue != nil else {
            throw GatewayError(.missingField, "The event has no object.", param: "data.object")
        }
        let outcome =
            switch type {
            case "checkout.session.completed", "checkout.session.async_payment_succeeded":
                try topUp(object, type, eventID: id)
            case "charge.refunded": try refundedCharge(object, type)
            case "refund.created": try refund(object, type)
            case "payment_intent.succeeded": try paid(object, type, at: root["created"])
            case "payment_intent.payment_failed", "payment_intent.canceled": try notPaid(object, type)
            case "charge.succeeded": try charged(object, type, at: root["created"])
            default: StripeOutcome.ignored(type: type)
            }
        return StripeEvent(id: id, type: type, outcome: outcome)
    }

    private func topUp(_ session: JSONValue, _ type: String, eventID: String) throws(GatewayError) -> StripeOutcome {
        guard session["mode"]?.stringValue ?? "payment" == "payment", session["payment_status"]?.stringValue == "paid",
            let account = try Self.account(of: session)
        else { return .ignored(type: type) }
        let paymentIntent = try Self.id(session["payment_intent"], "payment_intent", prefix: "pi_")
        guard session["currency"]?.stringValue == "usd" else {
            throw GatewayError(.invalidValue, "Payments are taken in US dollars only.", param: "currency")
        }
        let cents = try Self.cents(session["amount_total"], "amount_total")
        let note = "Stripe \(eventID)"
        guard let paid = Nanodollars(cents: cents),
            let posting = terms.posting(
                paid: paid, of: account, reference: StripeReference.payment(paymentIntent), note: note)
        else { throw GatewayError(.invalidValue, "Nothing is left of the payment to spend.", param: "amount_total") }
        return .topUp(posting)
    }

    /// What we put into a session stands there twice. Nil when neither is there: then it is none of ours.
    private static func account(of session: JSONValue) throws(GatewayError) -> AccountID? {
        let inMetadata = session["metadata"]?[accountKey]?.stringValue ?? ""
        let asReference = session["client_reference_id"]?.stringValue ?? ""
        guard inMetadata.isEmpty || asReference.isEmpty || inMetadata == asReference else {
            throw GatewayError(
                .invalidValue, "The session names two accounts: nobody is credited.", param: "client_reference_id")
        }
        let name = inMetadata.isEmpty ? asReference : inMetadata
        guard name.utf8.count <= longestID else {
            throw GatewayError(.invalidValue, "The session names no account.", param: "client_reference_id")
        }
        return name.isEmpty ? nil : AccountID(name)
    }

    private func refundedCharge(_ charge: JSONValue, _ type: String) throws(GatewayError) -> StripeOutcome {
        let isOurs = !(charge["metadata"]?[Self.accountKey]?.stringValue ?? "").isEmpty
        guard isOurs || charge["currency"]?.stringValue == "usd", !Self.isAbsent(charge["payment_intent"]) else {
            return .ignored(type: type)
        }
        guard charge["currency"]?.stringValue == "usd" else {
            throw GatewayError(.invalidValue, "Payments are taken in US dollars only.", param: "currency")
        }
        let cents = try Self.cents(charge["amount_refunded"], "amount_refunded")
        let paymentIntent = try Self.id(charge["payment_intent"], "payment_intent", prefix: "pi_")
        return .refund(
            StripeRefund(paymentIntent: paymentIntent, extent: .soFar(cents: cents), isMarkedOurs: isOurs))
    }

    private func refund(_ refund: JSONValue, _ type: String) throws(GatewayError) -> StripeOutcome {
        let hasFailed = ["failed", "canceled"].contains(refund["status"]?.stringValue)
        guard !hasFailed, refund["currency"]?.stringValue == "usd", !Self.isAbsent(refund["payment_intent"]) else {
            return .ignored(type: type)
        }
        let id = try Self.id(refund["id"], "id")
        let cents = try Self.cents(refund["amount"], "amount")
        let paymentIntent = try Self.id(refund["payment_intent"], "payment_intent", prefix: "pi_")
        let isOurs = !(refund["metadata"]?[Self.accountKey]?.stringValue ?? "").isEmpty
        return .refund(
            StripeRefund(paymentIntent: paymentIntent, extent: .one(id: id, cents: cents), isMarkedOurs: isOurs))
    }

    // MARK: Values

    private static func isAbsent(_ value: JSONValue?) -> Bool { value?.isNull ?? true }

    static func cents(_ value: JSONValue?, _ name: String) throws(GatewayError) -> Int64 {
        guard let cents = value?.numberValue?.int64, (1...mostCents).contains(cents) else {
            throw GatewayError(
                .invalidValue, "An amount is a whole number of cents from 1 to \(mostCents).", param: name)
        }
        return cents
    }

    /// Letters, digits, `_` and what is in `extra`: nothing that could be taken for part of a reference.
    static func id(
        _ value: JSONValue?, _ name: String, prefix: String = "", extra: String = ""
    ) throws(GatewayError) -> String {
        guard let text = value?.stringValue, text.hasPrefix(prefix), text.utf8.count > prefix.utf8.count,
            text.utf8.count <= longestID,
            text.utf8.allSatisfy({ byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                    || byte == UInt8(ascii: "_") || extra.utf8.contains(byte)
            })
        else { throw GatewayError(.invalidValue, "The event has no `\(name)` of the usual form.", param: name) }
        return text
    }
}
