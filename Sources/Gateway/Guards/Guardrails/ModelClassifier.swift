public import JSON

/// Asks a model that was made for it, or told how, whether content is safe.
///
/// Who the model is and how it is reached is the owner's business: all this needs is a way to send messages and get
/// the answer's text.
public struct ModelClassifier: Classifier {
    /// Sends chat messages, an array as OpenAI's dialect has it, and gives the text of the answer.
    public typealias Ask = @Sendable (_ messages: JSONValue) async throws -> String

    /// How the model is asked.
    public enum Style: String, Hashable, Sendable, CaseIterable {
        /// Llama Guard and its like, whose own template says what is asked. Knows S1 to S13.
        case native
        /// Any chat model; all categories are explained to it.
        case instructed
    }

    public let style: Style
    public let chunking: TextChunking
    private let ask: Ask

    public init(style: Style, chunking: TextChunking = TextChunking(), ask: @escaping Ask) {
        self.style = style
        self.chunking = chunking
        self.ask = ask
    }

    /// Asks about one chunk after another. Whoever wants them asked at once uses ``chunks(of:)`` and
    /// ``categories(ofChunk:side:)``.
    public func categories(of text: String, side: GuardSide) async throws(ClassifierError) -> Set<HazardCategory> {
        var found: Set<HazardCategory> = []
        for chunk in try chunks(of: text) {
            found.formUnion(try await categories(ofChunk: chunk, side: side))
        }
        return found
    }

    /// The parts of a text to be asked about.
    public func chunks(of text: String) throws(ClassifierError) -> [String] {
        try chunking.chunks(of: text)
    }

    /// Asks about one part.
    public func categories(
        ofChunk chunk: String, side: GuardSide
    ) async throws(ClassifierError) -> Set<HazardCategory> {
        let answer: String
        do {
            answer = try await ask(ClassifierPrompt.messages(chunk, side: side, style: style))
        } catch {
            throw .unavailable
        }
        return try ClassifierAnswer.categories(answer)
    }
}
