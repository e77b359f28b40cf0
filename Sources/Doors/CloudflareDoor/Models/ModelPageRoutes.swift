public import Catalogue
import Domain
import JSON
public import ModelPages
import Routing

/// `/ai/models`: what pages about models are made of, for everybody.
public struct ModelPageRoutes: Sendable {
    private let catalogue: @Sendable () -> Catalogue
    private let records: ModelRecord

    /// - Parameter catalogue: The one in force.
    public init(catalogue: @escaping @Sendable () -> Catalogue, records: ModelRecord) {
        self.catalogue = catalogue
        self.records = records
    }

    public var routes: [CloudflareRoute] {
        [
            .manage("GET", "/ai/models", least: nil, on: .pages, index),
            .manage("GET", "/ai/models/{model...}", least: nil, on: .pages, page),
        ]
    }

    // MARK: The list

    private static let longestSearch = 256

    @Sendable private func index(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let index = try Self.index(call.query)
        let all = catalogue().models
        let found = index.models(of: all)
        let choices = index.choices(of: all)
        let facets = ModelIndex.Facet.allCases.compactMap { facet in
            choices[facet].map { JSONObject.Member(key: facet.rawValue, value: .array($0.map(Self.shown))) }
        }
        return .shared([
            "models": .array(found.map { .object(records.entry($0)) }), "total_count": .int(found.count),
            "sort": .string(index.order.rawValue), "facets": .object(JSONObject(members: facets)),
        ])
    }

    private static func index(_ query: QueryParameters) throws(GatewayError) -> ModelIndex {
        guard let order = query.first("sort").map(ModelIndex.Order.init(rawValue:)) ?? .newest else {
            throw GatewayError(.invalidValue, "`sort` must be newest or oldest.", param: "sort")
        }
        let search = query.first("search")
        guard search?.utf8.count ?? 0 <= longestSearch else {
            throw GatewayError(
                .invalidValue, "`search` must be at most \(longestSearch) bytes.", param: "search")
        }
        let chosen = ModelIndex.Facet.allCases.map { ($0, query.all($0.rawValue)) }
        return ModelIndex(search: search, chosen: Dictionary(uniqueKeysWithValues: chosen), order: order)
    }

    private static func shown(_ choice: ModelIndex.Choice) -> JSONValue {
        [
            "id": .string(choice.id), "label": .string(choice.label), "count": .int(choice.count),
            "selected": .bool(choice.isChosen),
        ]
    }

    // MARK: One model

    /// Ids hold slashes, so the rest of the path is one id, but for the name of a file at its end.
    @Sendable private func page(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let tail = call.parts["model"]
        if let model = catalogue().model(tail) { return .shared(.object(records.record(model))) }
        guard let slash = tail.lastIndex(of: "/"), let model = catalogue().model(String(tail[..<slash])),
            let schema = Self.schema(String(tail[slash...].dropFirst()), of: model)
        else { throw GatewayError(.objectNotFound, "There is no such model or file.") }
        return .shared(schema)
    }

    private static func schema(_ file: String, of model: Model) -> JSONValue? {
        let input = RunSchema.input(of: model)
        let output = RunSchema.output(of: model)
        switch file {
        case "schema-input.json": return input
        case "schema-output.json": return output
        default: break
        }
        for mode in SchemaMode.detect(input: input, output: output) {
            if file == "\(mode.name.rawValue)-input.json" { return mode.input }
            if file == "\(mode.name.rawValue)-output.json" { return mode.output }
        }
        return nil
    }
}
