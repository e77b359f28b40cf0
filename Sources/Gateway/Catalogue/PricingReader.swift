import Domain
import YAML

/// Reads what a model costs. Prices are dollars in the file and whole nano-dollars in the program.
enum PricingReader {
    /// No vendor asks this much; a larger number is a slip of the point or of the unit.
    private static let mostPerMillion: Int64 = 10_000 * nanoDollars
    private static let mostPerUnit: Int64 = 100 * nanoDollars
    private static let nanoDollars: Int64 = 1_000_000_000
    /// Before any of these vendors was.
    private static let firstYear = 2015

    /// Nil when no price is given, or when it is wrong.
    static func read(_ model: inout FieldReader, modality: Modality?) -> ModelPricing? {
        let names = ModelPricing.parts.map { $0.name }
        guard var fields = model.mapping("pricing", known: names + ["note", "source", "as_of"]) else { return nil }
        var pricing = ModelPricing()
        for part in ModelPricing.parts { pricing[keyPath: part.place] = price(part.name, &fields) }
        pricing.note = fields.text("note")
        pricing.source = fields.required("source") ?? ""
        if !fields.has("as_of") { fields.report("as_of is missing: the day the prices were read") }
        pricing.asOf = fields.day("as_of") ?? ""
        if let day = CalendarDay(pricing.asOf), day.year < firstYear {
            fields.report("as_of", "must not be before \(firstYear)")
        }
        check(pricing, modality, &fields)
        model.adopt(fields)
        return fields.problems.isEmpty ? pricing : nil
    }

    private static func price(_ name: String, _ fields: inout FieldReader) -> Int64? {
        guard let node = fields.node(name) else { return nil }
        let most = name.hasSuffix("_per_1m") ? mostPerMillion : mostPerUnit
        guard let price = node.string.flatMap(DollarText.nanoDollars) else {
            fields.report(name, "must be dollars such as 1.10, with at most 9 digits after the point")
            return nil
        }
        guard price <= most else {
            fields.report(name, "must be at most \(most / nanoDollars) dollars; is the unit right?")
            return nil
        }
        return price
    }

    private static func check(_ pricing: ModelPricing, _ modality: Modality?, _ fields: inout FieldReader) {
        if ModelPricing.parts.allSatisfy({ !fields.has($0.name) }) {
            fields.report("holds no price; leave pricing out when none is known")
        } else if modality == .text, !fields.has("input_per_1m") || !fields.has("output_per_1m") {
            fields.report("a text model needs both input_per_1m and output_per_1m")
        }
        if let read = pricing.cacheReadPerMillion, let input = pricing.inputPerMillion, read > input {
            fields.report("cache_read_per_1m", "must not be above input_per_1m")
        }
    }
}

/// Money as people write it.
enum DollarText {
    /// Exactly, or nil: digits, a point, and at most nine digits more. No sign, no exponent.
    static func nanoDollars(_ text: String) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, let dollars = digits(whole), dollars <= 1_000_000_000 else { return nil }
        guard parts.count == 2 else { return dollars * 1_000_000_000 }
        guard parts[1].utf8.count <= 9, var rest = digits(parts[1]) else { return nil }
        for _ in parts[1].utf8.count..<9 { rest *= 10 }
        return dollars * 1_000_000_000 + rest
    }

    private static func digits(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int64(text) : nil
    }
}
