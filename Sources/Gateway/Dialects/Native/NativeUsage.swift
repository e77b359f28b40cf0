public import Domain
public import JSON

/// What a vendor's answer says of itself: who made it, what it used, and whether it came to its end.
public struct NativeUsage: Sendable {
    /// The model that answered, as its vendor spells it; nil when it does not say.
    public internal(set) var model: String?
    /// Whether the answer came to its end: always for a whole one, and for a stream once its vendor said so.
    public internal(set) var isComplete = false
    /// Whether the vendor said that it failed.
    public internal(set) var hasFailed = false
    /// How much text was delivered.
    public internal(set) var delivered = DeliveredText()
    var chat = ChatUsage()
    var counts = NativeCounts()
    var tracks = ChatTracks()
    let wire: NativeWire

    init(_ wire: NativeWire) {
        self.wire = wire
    }

    /// Reads a whole answer. One that is no JSON tells nothing.
    public init(_ answer: [UInt8], _ wire: NativeWire, scanner: JSONScanner) {
        self.init(wire)
        guard let frame = NativeFrame(answer, levels: wire.levels, scanner: scanner) else { return }
        if frame[frame.root].kind == .array {
            // Gemini sends a stream without events as one array of its chunks.
            for range in frame.elements(of: frame.root).map({ frame[$0].range }) {
                read(Array(answer[range]), .streamed, scanner)
            }
        } else {
            read(frame, .whole)
            isComplete = !hasFailed
        }
    }

    /// Of each count the latest that was told; nil when nobody told anything.
    public var usage: TokenUsage? {
        switch wire {
        case .openAIChat, .openAIEmbeddings, .workersAIRun: chat.usage
        case .openAIResponses: counts.isUnknown ? nil : responsesUsage
        case .anthropicMessages: counts.isUnknown ? nil : anthropicUsage
        case .geminiGenerate: counts.isUnknown ? nil : geminiUsage
        case .cohereChat: counts.isUnknown ? nil : cohereUsage
        }
    }

    /// What the call is taken to have used: the vendor's figures where it told all of them, else a guess from the
    /// length of the texts for what it left out.
    ///
    /// - Parameter promptEstimate: What the prompt may count.
    public func settled(promptEstimate: Int) -> (usage: TokenUsage, source: UsageSource) {
        guard var usage else { return (delivered.usage(prompt: promptEstimate), .estimated) }
        if isComplete { return (usage, usage.addsUp ? .reported : .mismatched) }
        // A stream that broke off: the output it told of is what it was at the beginning.
        usage.completionTokens = max(usage.completionTokens, delivered.usage(prompt: 0).completionTokens)
        usage.totalTokens = usage.promptTokens + usage.completionTokens
        return (usage, .estimated)
    }

    // MARK: Reading

    enum Form { case whole, streamed }

    /// Reads one event's data, or one chunk.
    mutating func read(_ bytes: [UInt8], _ form: Form, _ scanner: JSONScanner) {
        guard let frame = NativeFrame(bytes, levels: wire.levels, scanner: scanner) else { return }
        read(frame, form)
    }

    private mutating func read(_ frame: NativeFrame, _ form: Form) {
        guard frame[frame.root].kind == .object else { return }
        if frame.member("error") != nil { hasFailed = true }
        switch wire {
        case .openAIChat: readChat(frame, form)
        case .openAIEmbeddings: readEmbeddings(frame)
        case .workersAIRun: readRun(frame)
        case .openAIResponses: readResponses(frame, form)
        case .anthropicMessages: readMessages(frame, form)
        case .geminiGenerate: readGemini(frame)
        case .cohereChat: readCohere(frame, form)
        }
    }

    mutating func note(model place: NativeFrame.Place?, in frame: NativeFrame) {
        if let name = frame.string(place), !name.isEmpty { model = name }
    }

    mutating func deliver(_ place: NativeFrame.Place?, of frame: NativeFrame) {
        if let place { delivered.add(frame[place], in: frame.bytes) }
    }
}

extension NativeWire {
    /// Levels that must be listed: down to the deepest count or text that is read.
    var levels: Int {
        switch self {
        case .openAIChat: ChatFrame.levels
        case .openAIEmbeddings: 3
        case .workersAIRun: 5
        case .openAIResponses: 5
        case .anthropicMessages: 4
        case .geminiGenerate: 7
        case .cohereChat: 6
        }
    }
}
