public import Catalogue
public import Domain
public import JSON

/// Models as Cloudflare's search of models lists them.
public enum ModelListing {
    /// Where a model runs.
    public enum Source: Int, Hashable, Sendable {
        case hosted = 1
        case thirdParty = 2
    }

    public static func source(of model: Model) -> Source { model.isHosted ? .hosted : .thirdParty }

    public static func object(_ model: Model) -> JSONObject {
        [
            "id": .string(StableUUID.of(.model, model.id.rawValue)), "source": .int(source(of: model).rawValue),
            "name": .string(model.id.rawValue), "description": .string(model.summary),
            "task": task(CatalogueTask.of(model.modality)), "tags": .array(model.page.tags.map { .string($0) }),
            "properties": .array(properties(model)),
            "created_at": model.createdAt.map { .string($0) } ?? .null,
        ]
    }

    public static func task(_ task: CatalogueTask) -> JSONValue {
        ["id": .string(task.id), "name": .string(task.name), "description": .string(task.summary)]
    }

    /// All tasks that models have.
    public static func tasks() -> [JSONValue] { CatalogueTask.all.map(task) }

    /// Who made the models, in the order of the catalogue.
    public static func authors(of models: [Model]) -> [JSONValue] {
        var seen: Set<String> = []
        return models.filter { seen.insert($0.author).inserted }.map { model in
            [
                "id": .string(StableUUID.of(.author, model.author)), "name": .string(model.author),
                "display_name": .string(model.authorName),
            ]
        }
    }

    private static func properties(_ model: Model) -> [JSONValue] {
        var properties: [JSONValue] = []
        func add(_ id: String, _ value: JSONValue?) {
            if let value { properties.append(["property_id": .string(id), "value": value]) }
        }
        add("context_window", model.contextWindow.map { .string(String($0)) })
        add("price", model.pricedUnits.isEmpty ? nil : .array(model.pricedUnits))
        add("terms", model.page.terms.map { .string($0) })
        add("info", model.page.information.map { .string($0) })
        add("beta", model.isExperimental ? "true" : nil)
        for capability in model.catalogueCapabilities where capability != .zdr { add(capability.rawValue, "true") }
        add("planned_deprecation_date", model.page.shutdownDate.map { .string($0) })
        return properties
    }

    // MARK: OpenRouter's form

    /// As OpenRouter lists models; prices in dollars for one token.
    public static func openRouter(_ model: Model) -> JSONObject {
        let pricing = model.pricing
        let inputs: [JSONValue] = model.takesImages ? ["text", "image"] : ["text"]
        return [
            "id": .string(model.id.rawValue), "name": .string("\(model.authorName): \(model.displayName)"),
            "created": .int(model.released.flatMap(CalendarDay.init)?.unixSeconds ?? 0),
            "description": .string(model.summary),
            "context_length": model.contextWindow.map { .int($0) } ?? .null,
            "architecture": [
                "modality": model.takesImages ? "text+image->text" : "text->text", "input_modalities": .array(inputs),
                "output_modalities": [.string(model.modality == .image ? "image" : "text")],
            ],
            "pricing": JSONValue(present: [
                ("prompt", .string(perToken(pricing?.inputPerMillion) ?? "0")),
                ("completion", .string(perToken(pricing?.outputPerMillion) ?? "0")),
                ("input_cache_read", perToken(pricing?.cacheReadPerMillion).map { .string($0) }),
                ("input_cache_write", perToken(pricing?.cacheWritePerMillion).map { .string($0) }),
                ("image", pricing?.perImage.map { .string(Nanodollars($0).exactDollarsText) }),
                ("request", pricing?.perRequest.map { .string(Nanodollars($0).exactDollarsText) }),
            ]),
            "top_provider": [
                "context_length": model.contextWindow.map { .int($0) } ?? .null,
                "max_completion_tokens": model.maximumOutput.map { .int($0) } ?? .null,
            ],
            "supported_parameters": .array(
                model.modality == .text ? RunSchema.parameters(of: model).map { .string($0.name) } : []),
        ]
    }

    /// A millionth of an amount, exactly.
    static func perToken(_ nanodollarsPerMillion: Int64?) -> String? {
        guard let nanodollarsPerMillion else { return nil }
        let digits = String(nanodollarsPerMillion)
        let padded = String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits
        var fraction = padded.suffix(15)
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let whole = padded.dropLast(15)
        return fraction.isEmpty ? String(whole) : "\(whole).\(fraction)"
    }
}
