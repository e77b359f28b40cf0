public import Domain
public import JSON

/// What the gateway needs to know of a chat request. The rest of the body is never decoded.
public struct ChatRequest: Sendable {
    /// As the client wrote it.
    public let model: String
    public let isStream: Bool
    /// Whether the client asked for a last chunk that holds nothing but usage.
    public let wantsUsageChunk: Bool
    private let index: JSONIndex
    private let modelField: JSONField
    private let streamOptionsIndex: JSONIndex?

    /// Members that the gateway acts on. Two of one name would let it read one and the vendor the other.
    private static let governed: [StaticString] = ["model", "messages", "stream", "stream_options"]

    public init(
        _ body: [UInt8], scanner: JSONScanner, maximumDepth: Int
    ) throws(GatewayError) {
        let index = try Self.scan(body, scanner: scanner, maximumDepth: maximumDepth)
        for name in Self.governed where index.count(named: name, in: body) > 1 {
            throw GatewayError(.duplicateField, "The body has more than one `\(name)`. Send it once.", param: "\(name)")
        }
        self.index = index
        modelField = try Self.modelField(index, in: body)
        model = modelField.string(in: body) ?? ""
        try Self.checkMessages(index, in: body, scanner: scanner)
        isStream = try Self.bool("stream", of: index, in: body, param: "stream") ?? false
        let streamOptions = index.first(named: "stream_options", in: body).flatMap { $0.isNull ? nil : $0 }
        streamOptionsIndex = try Self.scanOptions(streamOptions, in: body, scanner: scanner)
        wantsUsageChunk =
            try streamOptionsIndex.flatMap { options throws(GatewayError) in
                try Self.bool("include_usage", of: options, in: body, param: "stream_options.include_usage")
            } ?? false
    }

    /// The body for the vendor: its own name for the model, the name that model wants for the limit of its output,
    /// and usage asked for on a stream, because every call is counted. Everything else stays byte for byte.
    public func upstreamBody(_ body: [UInt8], for model: Model) throws(GatewayError) -> [UInt8] {
        var patch = JSONPatch()
        patch.replace(modelField.range, with: JSONValue.string(model.upstreamName).serialized())
        var added: [JSONPatch.NewMember] = []
        if isStream && !wantsUsageChunk { askForUsage(&patch, &added, in: body) }
        let dropsOldLimit = nameOutputLimit(for: model, &patch, in: body)
        if dropsOldLimit || !added.isEmpty {
            patch.change(
                index, removing: { dropsOldLimit && $0.isNamed(Self.oldLimit, in: body) }, adding: added)
        }
        do {
            return try patch.applied(to: body)
        } catch {
            throw GatewayError(.internalError, "The request could not be prepared for its provider.")
        }
    }

    private func askForUsage(_ patch: inout JSONPatch, _ added: inout [JSONPatch.NewMember], in body: [UInt8]) {
        if let streamOptionsIndex {
            return patch.set("include_usage", to: Array("true".utf8), in: streamOptionsIndex, of: body)
        }
        let options = Array(#"{"include_usage":true}"#.utf8)
        if let null = index.first(named: "stream_options", in: body) {
            patch.replace(null.range, with: options)
        } else {
            added.append(JSONPatch.NewMember("stream_options", options))
        }
    }

    private static let oldLimit: StaticString = "max_tokens"
    private static let newLimit: StaticString = "max_completion_tokens"

    /// Gives the limit of the output the name the model wants. Returns whether the old one must go, because both
    /// were sent: then the new one wins.
    private func nameOutputLimit(for model: Model, _ patch: inout JSONPatch, in body: [UInt8]) -> Bool {
        guard index.first(named: Self.oldLimit, in: body) != nil else { return false }
        if index.first(named: Self.newLimit, in: body) != nil { return true }
        guard model.outputLimitName == .maxCompletionTokens else { return false }
        for field in index.fields where field.isNamed(Self.oldLimit, in: body) {
            patch.replace(field.keyRange, with: Self.newLimit.withUTF8Buffer { unsafe Array($0) })
        }
        return false
    }
}

extension ChatRequest {
    private static func scan(
        _ body: [UInt8], scanner: JSONScanner, maximumDepth: Int
    ) throws(GatewayError) -> JSONIndex {
        let index: JSONIndex
        do {
            index = try scanner.scan(body, maximumDepth: maximumDepth)
        } catch {
            throw GatewayError(.invalidBody, error.description)
        }
        guard index.kind == .object else {
            throw GatewayError(.invalidBody, "The body must be a JSON object.")
        }
        return index
    }

    private static func modelField(_ index: JSONIndex, in body: [UInt8]) throws(GatewayError) -> JSONField {
        guard let field = index.first(named: "model", in: body), !field.isNull else {
            throw GatewayError(
                .missingField, "`model` is missing. Name one, such as `openai/o4-mini`; GET /v1/models lists them.",
                param: "model")
        }
        guard field.kind == .string else {
            throw GatewayError(.invalidType, "`model` must be a string.", param: "model")
        }
        return field
    }

    private static func checkMessages(
        _ index: JSONIndex, in body: [UInt8], scanner: JSONScanner
    ) throws(GatewayError) {
        guard let field = index.first(named: "messages", in: body), !field.isNull else {
            throw GatewayError(
                .missingField, #"`messages` is missing. Send at least one, such as {"role":"user","content":"Hello"}."#,
                param: "messages")
        }
        guard field.kind == .array else {
            throw GatewayError(.invalidType, "`messages` must be an array of messages.", param: "messages")
        }
        let elements: [JSONSlice]
        do {
            elements = try scanner.scan(body, in: field.range).elements
        } catch {
            throw GatewayError(.invalidBody, error.description)
        }
        guard !elements.isEmpty else {
            throw GatewayError(.invalidValue, "`messages` is empty. Send at least one message.", param: "messages")
        }
        for (position, element) in elements.enumerated() where element.kind != .object {
            throw GatewayError(
                .invalidType, "`messages[\(position)]` must be an object with `role` and `content`.",
                param: "messages[\(position)]")
        }
    }

    private static func scanOptions(
        _ field: JSONField?, in body: [UInt8], scanner: JSONScanner
    ) throws(GatewayError) -> JSONIndex? {
        guard let field else { return nil }
        guard field.kind == .object else {
            throw GatewayError(.invalidType, "`stream_options` must be an object.", param: "stream_options")
        }
        do {
            return try scanner.scan(body, in: field.range)
        } catch {
            throw GatewayError(.invalidBody, error.description)
        }
    }

    private static func bool(
        _ name: StaticString, of index: JSONIndex, in body: [UInt8], param: String
    ) throws(GatewayError) -> Bool? {
        guard let field = index.first(named: name, in: body), !field.isNull else { return nil }
        guard let value = field.bool else {
            throw GatewayError(.invalidType, "`\(param)` must be true or false.", param: param)
        }
        return value
    }
}
