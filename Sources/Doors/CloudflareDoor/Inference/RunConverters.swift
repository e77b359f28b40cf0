public import Domain
public import JSON
public import NamedGateways

/// How the input of a run becomes a request of OpenAI's wire, and the answer what a run gives.
public struct RunConverters: Sendable {
    /// - Parameters:
    ///   - model: As the caller named it.
    ///   - known: The same, if the catalogue has it.
    ///   - input: A JSON object.
    public typealias Convert =
        @Sendable (
            _ model: String, _ known: Model?, _ input: [UInt8], _ scanner: JSONScanner
        ) throws(GatewayError) -> RunConversion

    public let convert: Convert

    public init(_ convert: @escaping Convert) {
        self.convert = convert
    }

    /// Inputs go on as they are with their model named in them, and answers as they are with the source of the key.
    public static let thirdParty = RunConverters { model, known, input, scanner throws(GatewayError) in
        let body = try RequestBody(input, scanner: scanner, depth: JSONScanner.defaultMaximumDepth)
        let isHosted = ModelName.isHosted(model)
        return RunConversion(
            operation: try operation(model, known, body), body: body.setting("model", to: model),
            whole: { answer, keySource, scanner in
                isHosted ? answer : withMetadata(answer, keySource, scanner)
            })
    }

    /// Which of a model's forms of input this is, told by the member that only one of them has.
    public static func operation(_ model: String, _ known: Model?, _ input: [UInt8], _ scanner: JSONScanner)
        throws(GatewayError) -> GatewayStep.Operation
    {
        let body = try RequestBody(input, scanner: scanner, depth: JSONScanner.defaultMaximumDepth)
        return try operation(model, known, body)
    }

    private static func operation(
        _ model: String, _ known: Model?, _ body: RequestBody
    ) throws(GatewayError) -> GatewayStep.Operation {
        if known?.modality == .embedding { return .embeddings }
        let forms = (body.field("input") != nil, body.field("messages") != nil)
        // What is in no catalogue is looked for, and missed, before anybody looks at its input.
        guard let known else { return forms == (true, false) ? .responses : .chat }
        switch forms {
        case (false, true): return .chat
        case (true, false):
            let formats = known.page.requestFormats
            guard formats.isEmpty || formats.contains("responses") else {
                throw GatewayError(
                    .modalityMismatch, "`\(model)` takes `messages`, not `input`.", param: "input")
            }
            return .responses
        case (true, true):
            throw GatewayError(.modalityMismatch, "Send `messages` or `input`, not both.", param: "input")
        case (false, false):
            throw GatewayError(.modalityMismatch, "`messages` is missing; so is `input`.", param: "messages")
        }
    }

    /// The answer with `gatewayMetadata` at its end.
    public static func withMetadata(
        _ answer: [UInt8], _ keySource: GatewayFacts.KeySource?, _ scanner: JSONScanner
    ) -> [UInt8] {
        guard let keySource, let index = try? scanner.scan(answer), index.kind == .object else { return answer }
        let metadata: JSONValue = ["keySource": .string(keySource.rawValue)]
        var patch = JSONPatch()
        patch.change(
            index, removing: { $0.isNamed("gatewayMetadata", in: answer) },
            adding: [JSONPatch.NewMember("gatewayMetadata", metadata.serialized())])
        return (try? patch.applied(to: answer)) ?? answer
    }
}

/// One input as a request, and how its answer is to be turned back.
public struct RunConversion: Sendable {
    public var operation: GatewayStep.Operation
    /// Names its model.
    public var body: [UInt8]
    /// Makes a whole answer of OpenAI's wire what the run gives. Called for answers in JSON only.
    public var whole:
        @Sendable (
            _ answer: [UInt8], _ keySource: GatewayFacts.KeySource?, _ scanner: JSONScanner
        ) throws(GatewayError) -> [UInt8]
    /// Makes a stream of OpenAI's wire the run's. Called on the loop of the request.
    public var stream: @Sendable (any GatewayStream) -> any GatewayStream

    public init(
        operation: GatewayStep.Operation, body: [UInt8],
        whole:
            @escaping @Sendable (
                _ answer: [UInt8], _ keySource: GatewayFacts.KeySource?, _ scanner: JSONScanner
            ) throws(GatewayError) -> [UInt8],
        stream: @escaping @Sendable (any GatewayStream) -> any GatewayStream = { $0 }
    ) {
        self.operation = operation
        self.body = body
        self.whole = whole
        self.stream = stream
    }
}
