import Catalogue
import Domain
import HTTPServer
import JSON
import Pipeline
import Routing

/// `GET /v1/models`: the public catalogue, readable without a key.
struct ModelListEndpoint: Endpoint {
    let catalogue: Catalogue

    func answer(_ request: HTTPRequest, requestID: RequestID, _ responder: consuming HTTPResponder) async {
        var writer = JSONWriter(reserving: 4096)
        writer.beginObject()
        writer.key("object")
        writer.string("list")
        writer.key("data")
        writer.beginArray()
        for model in catalogue.models { ModelJSON.write(model, to: &writer) }
        writer.endArray()
        writer.endObject()
        responder.send(HTTPResponse(status: 200, headers: OpenAIHeaders.base(requestID), body: writer.bytes))
    }
}

/// `GET /v1/models/{id}`.
struct ModelEndpoint: Endpoint {
    let pipeline: Pipeline
    let encodedID: String

    func answer(_ request: HTTPRequest, requestID: RequestID, _ responder: consuming HTTPResponder) async {
        do {
            let model = try pipeline.model(PercentEncoding.decode(encodedID) ?? encodedID)
            var writer = JSONWriter(reserving: 1024)
            ModelJSON.write(model, to: &writer)
            responder.send(HTTPResponse(status: 200, headers: OpenAIHeaders.base(requestID), body: writer.bytes))
        } catch {
            responder.send(OpenAIError.response(error, requestID: requestID))
        }
    }
}

/// A model as this dialect lists it. Unknown facts are left out.
enum ModelJSON {
    static func write(_ model: Model, to writer: inout JSONWriter) {
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
        text("modality", model.modality.rawValue, &writer)
        list("modalities", model.modalities, &writer)
        text("description", model.summary, &writer)
        if let released = model.released { text("released", released, &writer) }
        number("context_window", model.contextWindow, &writer)
        number("max_output", model.maximumOutput, &writer)
        if let pricing = model.pricing { write(pricing, to: &writer) }
        list("capabilities", model.capabilities, &writer)
        writer.endObject()
    }

    private static func write(_ pricing: TokenPricing, to writer: inout JSONWriter) {
        writer.key("pricing")
        writer.beginObject()
        writer.key("input_per_1m")
        writer.raw(Dollars.json(nanodollars: pricing.inputPerMillion))
        writer.key("output_per_1m")
        writer.raw(Dollars.json(nanodollars: pricing.outputPerMillion))
        writer.endObject()
    }

    private static func text(_ name: StaticString, _ value: String, _ writer: inout JSONWriter) {
        writer.key(name)
        writer.string(value)
    }

    private static func number(_ name: StaticString, _ value: Int?, _ writer: inout JSONWriter) {
        guard let value else { return }
        writer.key(name)
        writer.int(value)
    }

    private static func list(_ name: StaticString, _ values: [String], _ writer: inout JSONWriter) {
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
