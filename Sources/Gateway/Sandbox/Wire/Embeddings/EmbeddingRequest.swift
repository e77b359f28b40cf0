import JSON

/// A request for vectors that was found good.
struct EmbeddingRequest: Sendable {
    enum Input: Sendable, Hashable {
        case text(String)
        case tokens([Int])

        var tokenCount: Int {
            switch self {
            case .text(let text): TokenEstimate.text(text)
            case .tokens(let tokens): tokens.count
            }
        }
    }

    var model: SandboxModel
    var inputs: [Input]
    var dimensions: Int
    var isBase64 = false

    var tokenCount: Int { inputs.reduce(0) { $0 + $1.tokenCount } }
}

/// Reads a request for vectors and refuses what the vendor would refuse.
struct EmbeddingReading {
    let models: [SandboxModel]

    static let maximumInputs = 2_048
    /// Tokens of all inputs together.
    static let maximumTokens = 300_000

    private enum Format: String, CaseIterable { case float, base64 }

    func read(_ body: [UInt8]) throws(VendorError) -> EmbeddingRequest {
        let fields = try RequestFields(parsing: body)
        let model = try model(fields)
        var request = EmbeddingRequest(
            model: model, inputs: try inputs(fields), dimensions: try dimensions(fields, model))
        request.isBase64 = try fields.choice("encoding_format", Format.self) == .base64
        _ = try fields.string("user")
        for input in request.inputs where input.tokenCount > model.contextWindow {
            throw .inputTooLong(limit: model.contextWindow, tokens: input.tokenCount)
        }
        guard request.tokenCount <= Self.maximumTokens else {
            throw .inputTooLong(limit: Self.maximumTokens, tokens: request.tokenCount)
        }
        return request
    }

    private func model(_ fields: RequestFields) throws(VendorError) -> SandboxModel {
        guard let name = try fields.string("model"), !name.isEmpty else { throw .missingModel }
        guard let model = models.first(where: { $0.name == name }) else { throw .unknownModel(name) }
        guard model.embeddingDimensions != nil else {
            throw VendorError(status: 403, message: "You are not allowed to generate embeddings from this model")
        }
        return model
    }

    private func dimensions(_ fields: RequestFields, _ model: SandboxModel) throws(VendorError) -> Int {
        let most = model.embeddingDimensions ?? 1
        guard let dimensions = try fields.integer("dimensions", 1...most) else { return most }
        guard !model.restrictions.contains(.dimensions) else {
            throw .badRequest("This model does not support specifying dimensions.", param: "dimensions")
        }
        return dimensions
    }

    // MARK: Input

    private func inputs(_ fields: RequestFields) throws(VendorError) -> [EmbeddingRequest.Input] {
        guard let value = fields.value("input") else { throw .missing("input") }
        if let text = value.stringValue { return [try input(text)] }
        guard let values = value.arrayValue, !values.isEmpty else { throw .badInput }
        if values.allSatisfy({ $0.intValue != nil }) { return [try tokens(value)] }
        guard values.count <= Self.maximumInputs else {
            throw .badRequest(
                "Invalid 'input': array too long. Expected an array with maximum length \(Self.maximumInputs), "
                    + "but got an array with length \(values.count) instead.",
                param: "input", code: "array_above_max_length")
        }
        var inputs: [EmbeddingRequest.Input] = []
        for value in values {
            if let text = value.stringValue {
                inputs.append(try input(text))
            } else {
                inputs.append(try tokens(value))
            }
        }
        return inputs
    }

    private func input(_ text: String) throws(VendorError) -> EmbeddingRequest.Input {
        guard !text.isEmpty else { throw .badInput }
        return .text(text)
    }

    private func tokens(_ value: JSONValue) throws(VendorError) -> EmbeddingRequest.Input {
        guard let values = value.arrayValue, !values.isEmpty else { throw .badInput }
        let tokens = values.compactMap(\.intValue).filter { $0 >= 0 }
        guard tokens.count == values.count else { throw .badInput }
        return .tokens(tokens)
    }
}

extension VendorError {
    static let badInput = badRequest(
        "'input' is invalid. It must be a string, an array of strings, or an array of arrays of tokens, none of them "
            + "empty.", param: "input")

    static func inputTooLong(limit: Int, tokens: Int) -> VendorError {
        badRequest(
            "This model's maximum context length is \(limit) tokens, however you requested \(tokens) tokens "
                + "(\(tokens) in your prompt; 0 for the completion). Please reduce your prompt; or completion length.",
            param: "input", code: "context_length_exceeded")
    }
}
