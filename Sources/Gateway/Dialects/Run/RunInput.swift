public import Domain
public import JSON

/// The body of a run call for a chat model, as a request of OpenAI's. A run call names its model in its address, so
/// it is put into the body; every other byte stays.
public struct RunInput: Hashable, Sendable {
    /// What the body is now.
    public enum Variant: Hashable, Sendable {
        case chat
        case responses
    }

    public let variant: Variant
    public let body: [UInt8]
    public let isStream: Bool
    /// Whether the answer was asked to be JSON: then a hosted model's `response` is a value, not a text.
    public let wantsJSON: Bool

    typealias Place = JSONOutline.Place

    /// Down to the members of a tool and of a schema.
    private static let levels = 3

    /// - Parameter isHosted: Whether it is a model of Cloudflare's own, which also takes a `prompt`, tools without the
    ///   wrapping, and a bare schema.
    public init(
        _ body: [UInt8], model: String, isHosted: Bool, scanner: JSONScanner,
        maximumDepth: Int = JSONScanner.defaultMaximumDepth
    ) throws(GatewayError) {
        let frame = try NativeFrame(object: body, levels: Self.levels, scanner: scanner, maximumDepth: maximumDepth)
        let messages = frame.member("messages")
        let input = frame.member("input")
        let prompt = isHosted ? frame.member("prompt") : nil
        let given = [messages, input, prompt].compactMap { $0 }
        guard given.count < 2 else {
            let names = given.map { "`\(frame.outline.field($0).key(in: body))`" }.joined(separator: " and ")
            throw GatewayError(.invalidValue, "The body has \(names). Send one of them.", param: "messages")
        }
        guard !given.isEmpty else {
            let names = isHosted ? "`messages`, `prompt` or `input`" : "`messages` or `input`"
            throw GatewayError(.missingField, "The body must have \(names).", param: "messages")
        }
        var patch = JSONPatch()
        if isHosted {
            if let prompt { try patch.makeMessages(of: prompt, in: frame) }
            if input == nil { patch.wrapHostedForms(in: frame) }
        }
        patch.setModel(model, in: frame)
        variant = input == nil ? .chat : .responses
        isStream = frame.bool(frame.member("stream")) ?? false
        let format = frame.member("response_format", "type")
        wantsJSON = frame.isText("json_object", at: format) || frame.isText("json_schema", at: format)
        self.body = try patch.appliedToRun(body)
    }

    /// The body of a run call for a model that makes vectors, as a request of OpenAI's: `text` is its `input`.
    public static func embeddings(
        _ body: [UInt8], model: String, scanner: JSONScanner, maximumDepth: Int = JSONScanner.defaultMaximumDepth
    ) throws(GatewayError) -> [UInt8] {
        let frame = try NativeFrame(object: body, levels: 1, scanner: scanner, maximumDepth: maximumDepth)
        let (text, input) = (frame.member("text"), frame.member("input"))
        guard text == nil || input == nil else {
            throw GatewayError(.invalidValue, "The body has `text` and `input`. Send one of them.", param: "text")
        }
        guard let given = text ?? input else {
            throw GatewayError(.missingField, "The body must have `text`.", param: "text")
        }
        guard [.string, .array].contains(frame[given].kind) else {
            throw GatewayError(.invalidType, "`text` must be a string or an array of strings.", param: "text")
        }
        var patch = JSONPatch()
        if let text { patch.replace(frame.outline.field(text).keyRange, with: Array("input".utf8)) }
        patch.setModel(model, in: frame)
        return try patch.appliedToRun(body)
    }
}

extension NativeFrame {
    /// A request's body, which must be an object.
    init(object body: [UInt8], levels: Int, scanner: JSONScanner, maximumDepth: Int) throws(GatewayError) {
        try ChatRequest.checkSize(of: body)
        do {
            self.init(body, try scanner.outline(body, levels: levels, maximumDepth: maximumDepth))
        } catch {
            throw GatewayError(.invalidBody, error.description)
        }
        guard self[root].kind == .object else {
            throw GatewayError(.invalidBody, "The body must be a JSON object.")
        }
    }
}

extension JSONPatch {
    fileprivate mutating func setModel(_ model: String, in frame: NativeFrame) {
        set(
            "model", to: JSONValue.string(model).serialized(), in: frame.outline.index(of: frame.root), of: frame.bytes)
    }

    fileprivate mutating func wrap(_ range: Range<Int>, _ before: StaticString, _ after: StaticString) {
        insert(before.bytes, at: range.lowerBound)
        insert(after.bytes, at: range.upperBound)
    }

    /// A prompt is what the user says in a conversation of one message.
    fileprivate mutating func makeMessages(
        of prompt: NativeFrame.Place, in frame: NativeFrame
    ) throws(GatewayError) {
        guard frame[prompt].kind == .string, frame[prompt].range.count > 2 else {
            throw GatewayError(.invalidType, "`prompt` must be a string that is not empty.", param: "prompt")
        }
        replace(frame.outline.field(prompt).keyRange, with: Array("messages".utf8))
        wrap(frame[prompt].range, #"[{"role":"user","content":"#, "}]")
    }

    /// Tools that are functions themselves, and a schema without its name.
    fileprivate mutating func wrapHostedForms(in frame: NativeFrame) {
        for tool in frame.elements(of: frame.member("tools")) {
            guard frame.member("name", of: tool) != nil, frame.member("function", of: tool) == nil else { continue }
            wrap(frame[tool].range, #"{"type":"function","function":"#, "}")
        }
        guard let schema = frame.member("response_format", "json_schema"), frame[schema].kind == .object,
            frame.member("schema", of: schema) == nil
        else { return }
        wrap(frame[schema].range, #"{"name":"response","schema":"#, "}")
    }

    fileprivate func appliedToRun(_ body: [UInt8]) throws(GatewayError) -> [UInt8] {
        do {
            return try applied(to: body)
        } catch {
            throw GatewayError(.internalError, "The request could not be prepared for its provider.")
        }
    }
}
