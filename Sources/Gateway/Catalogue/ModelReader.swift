import Domain

/// What a file says once for all of its models.
struct VendorFacts {
    let id: String
    let name: String
    /// What its ids begin with, where that is not the vendor.
    var namespace: String?
    /// Price versions by file: a model's price may stand in the operator's file or in the built-in one.
    let priceVersions: [String: String]
}

/// Turns the fields of one entry into a model.
struct ModelReader {
    private var fields: FieldReader
    private let vendor: VendorFacts

    static let known = [
        "id", "aliases", "upstream", "name", "display_name", "family", "modality", "modalities", "description",
        "released",
        "context_window", "max_output", "pricing", "capabilities", "strengths", "use_cases", "notes", "output_limit",
        "reasoning_efforts", "unsupported_parameters", "parameters", "usage", "collections", "tier", "information",
        "terms", "tags", "zdr", "zdr_comment", "request_formats", "shutdown_date", "banner", "examples",
    ]

    private static let tokenBounds = 1...100_000_000
    private static let modalities = ["text", "vision", "audio", "video", "image", "embedding"]
    private static let efforts = ReasoningEffort.allCases.map(\.rawValue)
    private static let refusable = ChatParameter.allCases.map { "\($0.name)" }
    private static let tiers = ["free", "paid", "frontier"]

    init(_ fields: FieldReader, vendor: VendorFacts) {
        self.fields = fields
        self.vendor = vendor
    }

    /// Nil when something was wrong; then there is at least one problem.
    static func read(_ fields: FieldReader, vendor: VendorFacts, _ problems: inout [CatalogueProblem]) -> Model? {
        var reader = ModelReader(fields, vendor: vendor)
        let model = reader.model()
        problems += reader.fields.problems
        return reader.fields.problems.isEmpty ? model : nil
    }

    private mutating func model() -> Model? {
        let id = self.id()
        let contextWindow = fields.integer("context_window", in: Self.tokenBounds)
        let maximumOutput = fields.integer("max_output", in: Self.tokenBounds)
        if let contextWindow, let maximumOutput, maximumOutput > contextWindow {
            fields.report("max_output", "must not be larger than context_window, \(contextWindow)")
        }
        let modality: Modality? = fields.choice("modality")
        if !fields.has("modality") { fields.report("modality is missing") }
        let pricing = PricingReader.read(&fields, modality: modality)
        let name = fields.required("name")
        let parameters = ParameterReader.read(&fields)
        let page = PageReader.read(&fields, tiers: Self.tiers)
        let outputLimitName: OutputLimitName? = fields.choice("output_limit")
        let family = fields.text("family")
        let upstream = fields.text("upstream", longest: ModelName.longest)
        let modalities = fields.texts("modalities", among: Self.modalities)
        let summary = fields.required("description")
        let released = fields.day("released")
        if let released, let shutdown = page.shutdownDate, shutdown < released {
            fields.report("shutdown_date", "must not be before released, \(released)")
        }
        let capabilities = fields.texts("capabilities", among: Capability.allCases.map(\.rawValue))
        let aliases = self.aliases(of: id)
        let efforts = fields.texts("reasoning_efforts", among: Self.efforts).compactMap(ReasoningEffort.init)
        let unsupported = fields.texts("unsupported_parameters", among: Self.refusable).compactMap(ChatParameter.init)
        guard let id, let name, let modality, let summary else { return nil }
        // An id of the vendor's own is its name for the model as it stands.
        let ownName = vendor.namespace == nil ? String(id.dropFirst(vendor.id.utf8.count + 1)) : id
        return Model(
            id: ModelID(id), provider: ProviderID(vendor.id), upstreamName: upstream ?? ownName, name: name,
            providerName: vendor.name, family: family ?? ownName, modality: modality,
            modalities: modalities.isEmpty ? [modality.rawValue] : modalities, summary: summary, released: released,
            contextWindow: contextWindow, maximumOutput: maximumOutput, pricing: pricing, capabilities: capabilities,
            outputLimitName: outputLimitName ?? .either, aliases: aliases,
            priceVersion: pricing == nil ? nil : fields.file(of: "pricing").flatMap { vendor.priceVersions[$0] },
            reasoningEfforts: efforts, parameters: parameters, unsupportedParameters: unsupported, page: page)
    }

    private mutating func id() -> String? {
        guard let id = fields.required("id") else { return nil }
        guard ModelName.isValid(id), id == id.lowercased() else {
            fields.report("id", "must be \(ModelName.allowed), in lower case")
            return nil
        }
        if let namespace = vendor.namespace {
            guard id.hasPrefix(namespace + "/") else {
                fields.report("id", "must begin with \(namespace)/, the namespace of \(vendor.id)")
                return nil
            }
        } else if !id.hasPrefix(vendor.id + "/") {
            fields.report("id", "must begin with \(vendor.id)/, the vendor of this file")
            return nil
        }
        return id
    }

    /// What the file gives, and an id of the vendor's own also behind the vendor's name.
    private mutating func aliases(of id: String?) -> [String] {
        let own = vendor.namespace == nil ? nil : id.map { "\(vendor.id)/\($0)" }
        let aliases = fields.texts("aliases") + [own].compactMap { $0 }
        for alias in aliases where !ModelName.isValid(alias) {
            fields.report("aliases", "must each be \(ModelName.allowed)")
        }
        return aliases
    }
}

/// How models may be called.
enum ModelName {
    static let longest = 128
    static let allowed =
        "vendor/name: letters, digits and -_.: in two or more parts, each with an @ before it or none, "
        + "at most \(longest) characters, the last part not schema"

    static func isValid(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        // A path that ends in /schema asks for the schema of the model before it.
        return parts.count >= 2 && text.utf8.count <= longest && parts.last != "schema"
            && parts.allSatisfy(isPart)
    }

    private static func isPart(_ part: Substring) -> Bool {
        let name = part.hasPrefix("@") ? part.dropFirst() : part
        return name.utf8.contains(where: isLetterOrDigit) && name.utf8.allSatisfy(isAllowed)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || "-_.:".utf8.contains(byte)
    }
}
