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
    private let streamOptions: JSONField?
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
        streamOptions = index.first(named: "stream_options", in: body).flatMap { $0.isNull ? nil : $0 }
        streamOptionsIndex = try Self.scanOptions(streamOptions, in: body, scanner: scanner)
        wantsUsageChunk =
            try streamOptionsIndex.flatMap { options throws(GatewayError) in
                try Self.bool("include_usage", of: options, in: body, param: "stream_options.include_usage")
            } ?? false
    }

    /// The body for the vendor: its own name for the model, and usage asked for on a stream, because every call
    /// is counted. Everything else stays byte for byte.
    public func upstreamBody(_ body: [UInt8], model upstreamName: String) throws(GatewayError) -> [UInt8] {
        var patch = JSONPatch()
        patch.replace(modelField.range, with: JSONValue.string(upstreamName).serialized())
        if isStream && !wantsUsageChunk { askForUsage(&patch, in: body) }
        do {
            return try patch.applied(to: body)
        } catch {
            throw GatewayError(.internalError, "The request could not be prepared for its provider.")
        }
    }

    private func askForUsage(_ patch: inout JSONPatch, in body: [UInt8]) {
        if let streamOptionsIndex {
            patch.set("include_usage", to: Array("true".utf8), in: streamOptionsIndex, of: body)
        } else {
            patch.set("stream_options", to: Array(#"{"include_usage":true}"#.utf8), in: index, of: body)
        }
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
