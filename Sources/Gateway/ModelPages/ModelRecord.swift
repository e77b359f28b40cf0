import Catalogue
public import Domain
public import JSON

/// Models as the files of Cloudflare's catalogue describe them: what pages are made of.
public struct ModelRecord: Sendable {
    /// What pages write beside models of vendors.
    public static let usualBadge = "Proxied"
    private static let hostedBadge = "Hosted"
    private static let version = "1.0.0"

    private let baseURL: String
    private let badge: String

    /// - Parameters:
    ///   - baseURL: Where clients reach this server, without a slash at its end.
    ///   - badge: What pages write beside models of vendors; empty for nothing.
    public init(baseURL: String, badge: String = ModelRecord.usualBadge) {
        self.baseURL = baseURL
        self.badge = badge
    }

    /// What a list needs of it.
    public func entry(_ model: Model) -> JSONObject {
        let page = model.page
        return [
            "model_id": .string(model.id.rawValue), "provider_id": .string(model.author),
            "author": .string(model.authorName), "name": .string(model.displayName),
            "description": .string(model.summary), "task": .string(CatalogueTask.of(model.modality).name),
            "hosting": .string(model.isHosted ? ModelIndex.hosted : ModelIndex.thirdParty),
            "badge": text(model.isHosted ? Self.hostedBadge : badge.isEmpty ? nil : badge),
            "tags": texts(page.tags), "capabilities": texts(model.catalogueCapabilities.map(\.rawValue)),
            "context_length": number(model.contextWindow), "max_output_tokens": number(model.maximumOutput),
            "pricing": prices(model), "supports_async": .bool(model.catalogueCapabilities.contains(.batch)),
            "zdr": page.keepsNoData.map { .bool($0) } ?? .null, "created_at": text(model.createdAt),
            "url": .string("\(baseURL)/ai/models/\(model.id)"),
        ]
    }

    /// Everything.
    public func record(_ model: Model) -> JSONObject {
        let page = model.page
        let input = RunSchema.input(of: model)
        let output = RunSchema.output(of: model)
        let examples = page.examples.map { example($0, of: model) }
        var record = entry(model)
        record.members += [
            .init(key: "model_info", value: info(model)),
            .init(key: "default_example", value: examples.first ?? .null),
            .init(key: "code_snippets", value: snippets(model).shown),
            .init(key: "examples", value: .array(examples)),
            .init(key: "parameters", value: .array(ParameterRow.rows(of: input).map(\.shown))),
            .init(key: "zdr_comment", value: text(page.dataRetention)),
            .init(key: "external_info", value: text(page.information)),
            .init(key: "terms", value: text(page.terms)), .init(key: "cover_image_url", value: .null),
            .init(key: "metadata", value: metadata(model)),
            .init(key: "request_formats", value: texts(formats(model))),
            .init(key: "banner", value: page.banner.map(banner) ?? .null),
            .init(key: "schema_version", value: .string(Self.version)),
            .init(key: "schema", value: ["input": input, "output": output]),
        ]
        return record
    }

    // MARK: Examples

    private func example(_ example: ModelExample, of model: Model) -> JSONValue {
        let input = (try? JSONValue(parsing: Array(example.request.utf8)))?.objectValue ?? JSONObject()
        return [
            "name": .string(example.name), "description": text(example.summary), "input": .object(input),
            "output": example.response.map { ["text": .string($0)] } ?? .null,
            // What vendors answered with was not kept, only what they said.
            "raw_response": nil,
            "code_snippets": RunSnippets(model: model, input: input, baseURL: baseURL).shown,
        ]
    }

    /// Of the first example; without any, of the smallest call that does something.
    private func snippets(_ model: Model) -> RunSnippets {
        let first = model.page.examples.first.flatMap { try? JSONValue(parsing: Array($0.request.utf8)) }
        var input = first?.objectValue
        if input == nil, model.modality == .text {
            input = ["messages": [["role": "user", "content": "What are the three laws of thermodynamics?"]]]
        }
        var sample = CallSample(model).request.objectValue ?? JSONObject()
        sample["model"] = nil
        return RunSnippets(model: model, input: input ?? sample, baseURL: baseURL)
    }

    // MARK: Parts

    private func formats(_ model: Model) -> [String] {
        model.page.requestFormats.isEmpty && model.modality == .text ? ["chat-completions"] : model.page.requestFormats
    }

    private func prices(_ model: Model) -> JSONValue {
        .object(JSONObject(members: model.labelledPrices.map { .init(key: $0.label, value: $0.dollars) }))
    }

    private func metadata(_ model: Model) -> JSONValue {
        let efforts = model.reasoningEfforts.map { JSONValue.string($0.rawValue) }
        var members: [(String, JSONValue?)] = model.catalogueCapabilities.filter { $0 != .zdr }.map {
            ($0.rawValue, true)
        }
        members.append(("beta", model.isExperimental ? true : nil))
        members.append(("planned_deprecation_date", model.page.shutdownDate.map { .string($0) }))
        members.append(("reasoning_effort", efforts.isEmpty ? nil : ["supported_efforts": .array(efforts)]))
        return JSONValue(present: members)
    }

    /// The table at the top of a page; what is not known is left out.
    private func info(_ model: Model) -> JSONValue {
        var rows: [JSONValue] = []
        func add(_ name: String, _ value: String?, url: String? = nil) {
            guard value != nil || url != nil else { return }
            rows.append(["name": .string(name), "value": text(value), "url": text(url)])
        }
        add("Planned Deprecation", model.page.shutdownDate)
        add("Context Window", model.contextWindow.map { "\(Self.grouped($0)) tokens" })
        add("Terms and License", nil, url: model.page.terms)
        add("More information", nil, url: model.page.information)
        for capability in model.catalogueCapabilities { add(capability.label, "Yes") }
        if model.isExperimental { add("Beta", "Yes") }
        let prices = model.labelledPrices.map { "\($0.label): $\($0.dollars.numberValue?.spelling ?? "")" }
        add("Pricing", prices.isEmpty ? nil : prices.joined(separator: ", "))
        return .array(rows)
    }

    /// `1,047,576`
    static func grouped(_ number: Int) -> String {
        var text = ""
        for (position, digit) in String(number).reversed().enumerated() {
            if position > 0, position.isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }

    private func banner(_ banner: ModelBanner) -> JSONValue {
        [
            "severity": .string(banner.severity), "title": .string(banner.title), "text": text(banner.text),
            "link": banner.link.map { ["url": .string($0.url), "label": .string($0.label)] } ?? .null,
        ]
    }

    private func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    private func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
    private func number(_ number: Int?) -> JSONValue { number.map { .int($0) } ?? .null }
}
