public import Domain
public import JSON

/// A chat request as it came: which model it asks, and where its parts lie. Nothing else is decoded.
public struct ChatRequest {
    /// As the client wrote it.
    public let model: String
    let body: ChatBody
    let modelPlace: JSONOutline.Place

    /// A large body may hold so many commas. A value costs memory while a body is checked, however short it is.
    private static let maximumCommas = 2 << 20
    private static let largeBody = 4 << 20

    public init(_ bytes: [UInt8], scanner: JSONScanner, maximumDepth: Int) throws(GatewayError) {
        try Self.checkSize(of: bytes)
        do {
            body = ChatBody(
                bytes: bytes,
                outline: try scanner.outline(bytes, levels: ChatBody.levels, maximumDepth: maximumDepth))
        } catch {
            throw GatewayError(.invalidBody, error.description)
        }
        let outline = body.outline
        guard outline[outline.root].kind == .object else {
            throw GatewayError(.invalidBody, "The body must be a JSON object.")
        }
        guard let place = outline.member("model", of: outline.root, in: bytes), !outline[place].isNull else {
            throw GatewayError(
                .missingField, "`model` is missing. Name one, such as `openai/o4-mini`; GET /v1/models lists them.",
                param: "model")
        }
        guard let model = outline[place].string(in: bytes) else {
            throw GatewayError(.invalidType, "`model` must be a string.", param: "model")
        }
        self.model = model
        modelPlace = place
    }

    /// Refuses a body whose values would take too much room.
    static func checkSize(of bytes: [UInt8]) throws(GatewayError) {
        guard bytes.count < Self.largeBody || bytes.count(where: { $0 == UInt8(ascii: ",") }) <= Self.maximumCommas
        else {
            throw GatewayError(.invalidBody, "The body has too many values.")
        }
    }

    /// Checks the request for that model and makes it what its vendor is sent.
    ///
    /// - Parameter assumedOutput: The output limit it is given when it sets none.
    public func prepared(for model: Model, assumedOutput: Int? = nil) throws(GatewayError) -> PreparedChat {
        var check = ChatCheck(body, model: model)
        try check.run()
        return try ChatPreparation(self, check, model, assumedOutput: assumedOutput).prepared()
    }
}

/// A request that was checked, as its vendor is sent it.
public struct PreparedChat: Sendable {
    public let body: [UInt8]
    /// What was changed though the client had asked for it, in one line; nil when nothing was.
    public let warning: String?
    public let wishes: ChatWishes
}

/// What must be known of a request while it is answered.
public struct ChatWishes: Hashable, Sendable {
    public let isStream: Bool
    /// Whether the client asked for a last chunk that holds nothing but usage.
    public let wantsUsageChunk: Bool
    /// What the conversation may count, for when its vendor does not say.
    public let promptEstimate: Int
    /// What the conversation cannot count more than.
    public let promptBound: Int
    /// Tokens the answers may have together; nil when the request sets no limit.
    public let outputBound: Int?
    public let choices: Int
}
