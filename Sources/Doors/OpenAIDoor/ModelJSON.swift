import Domain
import JSON

/// A model as this dialect lists it. Unknown facts are left out, or null where readers look for the key.
enum ModelJSON {
    static func write(_ model: Model, schema: JSONValue? = nil, to writer: inout JSONWriter) {
        writer.beginObject()
        text("id", model.id.rawValue, &writer)
        text("object", "model", &writer)
        text("owned_by", model.provider.rawValue, &writer)
        writer.key("created")
        writer.int(model.released.flatMap(CalendarDay.init)?.unixSeconds ?? 0)
        text("name", model.name, &writer)
        text("provider", model.provider.rawValue, &writer)
        text("provider_name", model.providerName, &writer)
        text("family", model.family, &writer)
        list("aliases", model.aliases, &writer, whenEmpty: false)
        text("modality", model.modality.rawValue, &writer)
        list("modalities", model.modalities, &writer)
        text("description", model.summary, &writer)
        text("released", model.released, &writer)
        number("context_window", model.contextWindow, &writer)
        number("max_output", model.maximumOutput, &writer)
        write(model.pricing, version: model.priceVersion, to: &writer)
        list("capabilities", model.capabilities, &writer)
        list("reasoning_efforts", model.reasoningEfforts.map(\.rawValue), &writer, whenEmpty: false)
        list("unsupported_parameters", model.unsupportedParameters.map { "\($0.name)" }, &writer, whenEmpty: false)
        text("endpoint", model.modality.endpointPath, &writer)
        write(model.page, to: &writer)
        if let schema {
            writer.key("schema")
            writer.value(schema)
        }
        writer.endObject()
    }

    private static func write(_ page: ModelPage, to writer: inout JSONWriter) {
        list("strengths", page.strengths, &writer, whenEmpty: false)
        list("use_cases", page.useCases, &writer, whenEmpty: false)
        list("notes", page.notes, &writer, whenEmpty: false)
        list("collections", page.collections, &writer, whenEmpty: false)
        text("tier", page.tier, &writer)
        text("information", page.information, &writer)
        text("terms", page.terms, &writer)
        list("tags", page.tags, &writer, whenEmpty: false)
        if let keepsNoData = page.keepsNoData {
            writer.key("zdr")
            writer.bool(keepsNoData)
        }
        text("zdr_comment", page.dataRetention, &writer)
        list("request_formats", page.requestFormats, &writer, whenEmpty: false)
        text("shutdown_date", page.shutdownDate, &writer)
        if let banner = page.banner { write(banner, to: &writer) }
        if let adoption = page.adoption { write(adoption, to: &writer) }
    }

    private static func write(_ banner: ModelBanner, to writer: inout JSONWriter) {
        writer.key("banner")
        writer.beginObject()
        text("severity", banner.severity, &writer)
        text("title", banner.title, &writer)
        text("text", banner.text, &writer)
        if let link = banner.link {
            writer.key("link")
            writer.beginObject()
            text("url", link.url, &writer)
            text("label", link.label, &writer)
            writer.endObject()
        }
        writer.endObject()
    }

    private static func write(_ adoption: ModelAdoption, to writer: inout JSONWriter) {
        writer.key("usage")
        writer.beginObject()
        number("tokens", adoption.tokens, &writer)
        number("requests", adoption.requests, &writer)
        writer.key("market_share_pct")
        writer.raw(Dollars.json(nanodollars: Int64(adoption.shareMillipercent) * 1_000_000))
        text("as_of", adoption.asOf, &writer)
        writer.endObject()
    }

    private static func write(_ pricing: ModelPricing?, version: String?, to writer: inout JSONWriter) {
        writer.key("price_known")
        writer.bool(pricing != nil)
        writer.key("pricing")
        guard let pricing else { return writer.null() }
        writer.beginObject()
        for part in ModelPricing.parts {
            guard let price = pricing[keyPath: part.place] else { continue }
            writer.key(part.name)
            writer.raw(Dollars.json(nanodollars: price))
        }
        text("note", pricing.note, &writer)
        text("source", pricing.source, &writer)
        text("as_of", pricing.asOf, &writer)
        text("version", version, &writer)
        writer.endObject()
    }

    private static func text(_ name: StaticString, _ value: String?, _ writer: inout JSONWriter) {
        guard let value else { return }
        writer.key(name)
        writer.string(value)
    }

    private static func number(_ name: StaticString, _ value: Int?, _ writer: inout JSONWriter) {
        writer.key(name)
        if let value { writer.int(value) } else { writer.null() }
    }

    private static func list(
        _ name: StaticString, _ values: [String], _ writer: inout JSONWriter, whenEmpty: Bool = true
    ) {
        guard whenEmpty || !values.isEmpty else { return }
        writer.key(name)
        writer.beginArray()
        for value in values { writer.string(value) }
        writer.endArray()
    }
}

/// Nano-dollars written as dollars, exactly.
enum Dollars {
    static func json(nanodollars: Int64) -> [UInt8] {
        let sign = nanodollars < 0 ? "-" : ""
        let (whole, rest) = nanodollars.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        guard rest > 0 else { return Array("\(sign)\(whole)".utf8) }
        var digits = String(rest)
        digits = String(repeating: "0", count: 9 - digits.count) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        return Array("\(sign)\(whole).\(digits)".utf8)
    }
}
