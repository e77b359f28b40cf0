import Domain
import JSON

extension CustomCost {
    /// Dollars are kept in billionths.
    private static let dollarPlaces = 9
    /// What a token costs in dollars, as what a million of them cost in billionths.
    private static let tokenPlaces = 15

    /// `{"per_token_in":…,"per_token_out":…}` or `{"total_cost":…}`, in dollars.
    init(parsing control: ControlValue) throws(GatewayError) {
        self.init()
        guard let value = try? JSONValue(parsing: Array(control.text.utf8)), let object = value.objectValue else {
            throw control.wrong("must be a JSON object, such as `{\"per_token_in\":0.000001}`")
        }
        total = try Self.amount("total_cost", Self.dollarPlaces, object, control)
        input = try Self.amount("per_token_in", Self.tokenPlaces, object, control)
        output = try Self.amount("per_token_out", Self.tokenPlaces, object, control)
        cacheRead = try Self.amount("per_cache_read_token", Self.tokenPlaces, object, control)
        cacheWrite = try Self.amount("per_cache_write_token", Self.tokenPlaces, object, control)
        guard self != CustomCost() else {
            throw control.wrong("must hold `total_cost`, or `per_token_in` and `per_token_out`")
        }
    }

    private static func amount(
        _ name: String, _ places: Int, _ object: JSONObject, _ control: ControlValue
    ) throws(GatewayError) -> Nanodollars? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let number = value.numberValue, let amount = try? Nanodollars(rounding: number.spelling, places: places),
            amount >= .zero
        else {
            throw control.wrong("has a `\(name)` that is not a number of dollars, at least 0 and not beyond reason")
        }
        return amount
    }
}
