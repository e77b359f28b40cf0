import Accounts
import Domain
import JSON

/// Fields that several kinds of objects have.
extension RequestFields {
    static let limits = ["spend_cap_cents", "daily_cap_cents", "rate_limit_rpm", "rate_limit_tpm", "max_concurrency"]

    static let longestName = 200
    static let longestTag = 64
    private static let greatestRate = 1_000_000_000
    private static let greatestConcurrency = 1_000_000
    private static let mostPatterns = 200
    private static let longestPattern = 200
    private static let mostAddresses = 100
    /// A billion dollars.
    static let greatestAmount = Nanodollars(1_000_000_000 * Nanodollars.perDollar)
    /// The end of the year 9999.
    private static let latestSecond: Int64 = 253_402_300_799

    func name() throws(GatewayError) -> Change<String> {
        try Self.unclearable(try text("name", longest: Self.longestName), "name")
    }

    /// Cents as a number or a string, with seven decimals at most.
    ///
    /// - Parameter zeroClears: Whether zero means that there shall be none, as null does.
    func cents(
        _ name: String, mayBeNegative: Bool = false, mayBeZero: Bool = false, zeroClears: Bool = false
    ) throws(GatewayError) -> Change<Nanodollars> {
        let change = try read(name) { value throws(GatewayError) in
            guard let text = value.numberValue?.spelling ?? value.stringValue else {
                throw Self.wrongType(name, "a number of cents")
            }
            let amount = try Self.amount(text, name)
            guard amount >= .zero || mayBeNegative else { throw Self.invalid(name, "must not be negative.") }
            guard amount != .zero || mayBeZero || zeroClears else { throw Self.invalid(name, "must not be zero.") }
            guard amount <= Self.greatestAmount, amount >= .zero - Self.greatestAmount else { throw Self.tooMuch(name) }
            return amount
        }
        return zeroClears && change.value == .zero ? .clear : change
    }

    private static func amount(_ text: String, _ name: String) throws(GatewayError) -> Nanodollars {
        do throws(CentsError) {
            return try Nanodollars(centsText: text)
        } catch {
            throw switch error {
            case .notANumber: wrongType(name, "a number of cents")
            case .tooFine: invalid(name, "has more than \(Nanodollars.centDecimals) decimals.")
            case .tooLarge: tooMuch(name)
            }
        }
    }

    private static func tooMuch(_ name: String) -> GatewayError {
        invalid(name, "must be at most \(greatestAmount.centsText) cents.")
    }

    /// - Parameter zeroClears: Whether zero means that there is no limit. Elsewhere it is refused: it would be taken for
    ///   a limit of nothing by some.
    func limits(zeroClears: Bool = false) throws(GatewayError) -> LimitChanges {
        var limits = LimitChanges()
        limits.monthly = try cents("spend_cap_cents", zeroClears: zeroClears)
        limits.daily = try cents("daily_cap_cents", zeroClears: zeroClears)
        limits.requestsPerMinute = try integer("rate_limit_rpm", 1...Self.greatestRate, zeroClears: zeroClears)
        limits.tokensPerMinute = try integer("rate_limit_tpm", 1...Self.greatestRate, zeroClears: zeroClears)
        limits.concurrency = try integer("max_concurrency", 1...Self.greatestConcurrency, zeroClears: zeroClears)
        return limits
    }

    func allowedModels() throws(GatewayError) -> Change<ModelAllowList> {
        let patterns = try texts(
            "allowed_models", most: Self.mostPatterns, none: "Send null for all models.", Self.isPattern,
            "the id of a model, the beginning of one with `*` behind it, or a modality")
        return switch patterns {
        case .keep: .keep
        case .clear: .clear
        case .set(let patterns): .set(ModelAllowList(patterns))
        }
    }

    private static func isPattern(_ text: String) -> Bool {
        (1...longestPattern).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            && !text.dropLast().contains("*")
    }

    func allowedAddresses() throws(GatewayError) -> Change<[String]> {
        try texts(
            "allowed_ips", most: Self.mostAddresses, none: "Send null for all addresses.",
            { AddressRange($0) != nil }, "an address or a network such as 10.0.0.0/8 or 2001:db8::/32")
    }

    /// A moment yet to come, in Unix seconds.
    func expiry(now: Timestamp) throws(GatewayError) -> Change<Timestamp> {
        try read("expires_at") { value throws(GatewayError) in
            guard let number = value.numberValue else { throw Self.wrongType("expires_at", "a time in Unix seconds") }
            guard let seconds = number.int64, seconds > now.seconds, seconds <= Self.latestSecond else {
                throw Self.invalid("expires_at", "must be a time yet to come, in whole Unix seconds.")
            }
            return Timestamp(seconds: seconds)
        }
    }

    func account() throws(GatewayError) -> AccountFields {
        var fields = AccountFields()
        fields.name = try name()
        fields.externalReference = try text("external_ref", longest: Self.longestName)
        fields.defaultTag = try text("default_tag", longest: Self.longestTag)
        fields.allowedModels = try allowedModels()
        return fields
    }
}
