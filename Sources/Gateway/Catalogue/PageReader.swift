import Domain
import JSON
import YAML

/// Reads what only a model's page tells.
enum PageReader {
    private static let longestExample = 64 << 10
    private static let anyCount = 0...1_000_000_000_000_000

    static func read(_ model: inout FieldReader, tiers: [String]) -> ModelPage {
        var page = ModelPage()
        page.displayName = model.text("display_name")
        page.strengths = model.texts("strengths")
        page.useCases = model.texts("use_cases")
        page.notes = model.texts("notes")
        page.collections = model.texts("collections")
        page.information = model.text("information")
        page.terms = model.text("terms")
        page.tier = model.text("tier")
        if let tier = page.tier, !tiers.contains(tier) {
            model.report("tier", "must be one of \(tiers.joined(separator: ", "))")
        }
        page.tags = model.texts("tags")
        page.keepsNoData = model.bool("zdr")
        page.dataRetention = model.text("zdr_comment")
        page.requestFormats = requestFormats(&model)
        page.shutdownDate = model.day("shutdown_date")
        page.banner = BannerReader.read(&model)
        page.adoption = adoption(&model)
        page.examples = examples(&model)
        return page
    }

    private static func requestFormats(_ model: inout FieldReader) -> [String] {
        let formats = model.texts("request_formats")
        if !formats.allSatisfy(isLowerCaseWord) {
            model.report("request_formats", "must each be a word such as chat-completions")
        }
        return formats
    }

    private static func adoption(_ model: inout FieldReader) -> ModelAdoption? {
        let names = ["tokens", "requests", "market_share_pct", "as_of"]
        guard var fields = model.mapping("usage", known: names) else { return nil }
        for name in names where !fields.has(name) { fields.report("\(name) is missing") }
        let tokens = fields.integer("tokens", in: anyCount)
        let requests = fields.integer("requests", in: anyCount)
        let share = fields.decimal("market_share_pct")
        if let share, !(0...100).contains(share) { fields.report("market_share_pct", "must be from 0 to 100") }
        let asOf = fields.day("as_of")
        model.adopt(fields)
        guard fields.problems.isEmpty, let tokens, let requests, let share, let asOf else { return nil }
        return ModelAdoption(
            tokens: tokens, requests: requests, shareMillipercent: Int((share * 1_000).rounded()), asOf: asOf)
    }

    private static func examples(_ model: inout FieldReader) -> [ModelExample] {
        guard let nodes = model.elements("examples"), let file = model.file(of: "examples") else { return [] }
        return nodes.compactMap { node in
            guard let entries = node.entries else {
                model.report("examples", "must each have a name and a request", at: node.place)
                return nil
            }
            var fields = FieldReader(
                entries.map { SourcedField(entry: $0, file: file) },
                known: ["name", "description", "request", "response"], subject: "\(model.subject): examples",
                file: file,
                place: node.place)
            let example = example(&fields)
            model.adopt(fields)
            return example
        }
    }

    private static func example(_ fields: inout FieldReader) -> ModelExample? {
        let name = fields.required("name")
        let summary = fields.text("description")
        let response = fields.text("response", longest: longestExample)
        guard let request = fields.node("request"), request.entries != nil else {
            fields.report("request must be a mapping: the body of the call without model")
            return nil
        }
        guard let name else { return nil }
        let json = String(decoding: JSONValue(request).serialized(), as: UTF8.self)
        return ModelExample(name: name, summary: summary, request: json, response: response)
    }
}

extension JSONValue {
    /// A YAML value as the JSON it stands for: plain scalars are numbers, truth values and null where they look so.
    fileprivate init(_ node: YAMLNode) {
        if let entries = node.entries {
            self = .object(
                JSONObject(members: entries.map { JSONObject.Member(key: $0.key, value: JSONValue($0.value)) }))
        } else if let elements = node.elements {
            self = .array(elements.map { JSONValue($0) })
        } else if node.isNull {
            self = .null
        } else if let bool = node.bool {
            self = .bool(bool)
        } else if let int = node.int {
            self = .int(int)
        } else if let double = node.double {
            self = .double(double)
        } else {
            self = .string(node.string ?? "")
        }
    }
}
