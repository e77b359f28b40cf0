import Domain
import JSON

/// Checks a chat request from front to back against OpenAI's interface and the bounds of one model, and notes what
/// has to be changed on its way to the vendor. The first fault in the order of the body is thrown.
struct ChatCheck {
    typealias Place = JSONOutline.Place

    let body: ChatBody
    let bounds: ChatBounds
    /// Whether pictures may be sent; asked for only when there is one.
    let model: Model

    /// Parameters that say something.
    var sent = ChatParameterSet()
    /// Also those that are null.
    var present = ChatParameterSet()
    var isStream = false
    var wantsUsageChunk = false
    var streamOptions: Place?
    var oldLimit: OutputLimit?
    var newLimit: OutputLimit?
    /// Answers asked for.
    var choices = 1
    var effort: (place: Place, value: ReasoningEffort)?
    /// Assistant messages with a trace of their thinking in them, which vendors do not want back.
    var withReasoning: [Place] = []
    var messageCount = 0
    /// Bytes of the conversation's texts, as the body spells them.
    var textBytes = 0
    var images = ImageAllowance()

    struct OutputLimit {
        let place: Place
        let value: Int
    }

    init(_ body: ChatBody, model: Model) {
        self.body = body
        self.model = model
        bounds = model.chatBounds
    }

    static let parameters = NameTable(names: ChatParameter.names, values: ChatParameter.allCases)

    mutating func run() throws(GatewayError) {
        let outline = body.outline
        var next = outline.firstChild(of: outline.root)
        while let place = next {
            if let parameter = Self.parameters.value(of: outline.field(place), in: body.bytes) {
                guard present.insert(parameter) else { throw body.twice(place) }
                if !body[place].isNull {
                    sent.insert(parameter)
                    try check(parameter, at: place)
                }
            }
            next = outline.sibling(after: place, in: outline.root)
        }
        guard sent.contains(.messages) else {
            throw GatewayError(
                .missingField, #"`messages` is missing. Send at least one, such as {"role":"user","content":"Hello"}."#,
                param: "messages")
        }
    }

    private mutating func check(_ parameter: ChatParameter, at place: Place) throws(GatewayError) {
        switch parameter {
        case .model, .user, .safetyIdentifier, .promptCacheKey, .serviceTier: try body.string(at: place)
        case .messages: try checkMessages(at: place)
        case .stream: isStream = try body.bool(at: place)
        case .streamOptions: try checkStreamOptions(at: place)
        case .temperature: try body.number(at: place, bounds.temperature)
        case .topP: try body.number(at: place, bounds.topP)
        case .presencePenalty: try body.number(at: place, bounds.presencePenalty)
        case .frequencyPenalty: try body.number(at: place, bounds.frequencyPenalty)
        case .maxTokens: oldLimit = try limit(at: place)
        case .maxCompletionTokens: newLimit = try limit(at: place)
        case .choices: choices = try body.integer(at: place, bounds.choices)
        case .topLogprobs: try body.integer(at: place, bounds.topLogprobs)
        case .seed: try body.integer(at: place, Int.min...Int.max)
        case .logprobs, .parallelToolCalls, .store: _ = try body.bool(at: place)
        case .reasoningEffort: effort = (place, try body.word(at: place, Self.efforts))
        case .verbosity: try body.word(at: place, Self.verbosities)
        default: try checkStructure(parameter, at: place)
        }
    }

    private func checkStructure(_ parameter: ChatParameter, at place: Place) throws(GatewayError) {
        switch parameter {
        case .stop: try checkStop(at: place)
        case .logitBias: try checkLogitBias(at: place)
        case .metadata: try checkMetadata(at: place)
        case .modalities: try checkModalities(at: place)
        case .tools: try checkTools(at: place)
        case .functions: try checkFunctions(at: place)
        case .toolChoice: try checkToolChoice(at: place)
        case .functionCall: try checkFunctionCall(at: place)
        case .responseFormat: try checkResponseFormat(at: place)
        default: try body.expect(.object, at: place, "an object")
        }
    }

    private static let efforts = NameTable<ReasoningEffort>([
        "none": .none, "minimal": .minimal, "low": .low, "medium": .medium, "high": .high, "xhigh": .xhigh,
        "max": .max,
    ])
    private static let verbosities = NameTable<Void>(["low": (), "medium": (), "high": ()])
}
