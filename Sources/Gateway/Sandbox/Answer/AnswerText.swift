/// Writes the words of an answer.
enum AnswerText {
    static func reply(to request: ChatRequest, random: inout StableRandom) -> String {
        switch request.directive {
        case .echo(let text)?: return text
        case .tokens(let count)?: return filler(tokens: min(count, request.model.maximumOutput))
        case nil: break
        }
        let results = request.freshToolResults
        if !results.isEmpty { return ToolReport.text(about: results, question: request.lastUserText, random: &random) }
        let images = request.lastUserMessage?.images ?? []
        if !images.isEmpty { return ImageReport.text(about: images, question: request.lastUserText, random: &random) }
        if let sum = Arithmetic.answer(to: request.lastUserText) { return sum }
        if let known = KnownConversation.matching(request) { return known.text(&random) }
        return isGreeting(request.lastUserText)
            ? random.pick(greetings) : general(request.lastUserText, random: &random)
    }

    /// Exactly so many tokens of text.
    static func filler(tokens: Int) -> String {
        let sentence = "This text was made to be long. "
        let bytes = max(0, tokens) * TokenEstimate.bytesPerToken
        let repeated = String(repeating: sentence, count: bytes / sentence.utf8.count + 1)
        return String(repeated.prefix(bytes))
    }

    // MARK: Greetings

    private static let greetings = [
        "Hello! How can I help you today? 👋", "Hi there! What would you like to talk about? 😊",
        "Hello – nice to meet you! What can I do for you?", "Hi! I’m ready when you are. What’s on your mind?",
    ]

    private static func isGreeting(_ text: String) -> Bool {
        let words = Words.of(text)
        let greeting: Set<String> = ["hello", "hi", "hey", "greetings", "howdy", "there", "good", "morning", "evening"]
        return !words.isEmpty && words.count <= 3 && words.allSatisfy(greeting.contains)
    }

    // MARK: Everything else

    private static func general(_ question: String, random: inout StableRandom) -> String {
        guard !question.isEmpty else {
            return random.pick([
                "I’m here. What would you like to know?", "What can I do for you – a question, perhaps?",
            ])
        }
        let subjects = Words.keywords(of: question)
        let subject = subjects.first ?? "the question"
        let other = subjects.dropFirst().first ?? "its context"
        let paragraphs = [
            random.pick(openings(Words.excerpt(question))),
            random.pick(middles(subject, other)) + " " + random.pick(details(subject, other)),
            list(subjects, random: &random), random.pick(closings), note,
        ]
        return paragraphs.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    /// So that nobody takes an answer made by rule for a model's.
    static let note = "— Simulated by the sandbox; no model was asked."

    private static func openings(_ question: String) -> [String] {
        [
            "You asked: “\(question)”. Here is a short answer.", "“\(question)” – let me take that step by step.",
            "Here are a few thoughts on “\(question)”.", "Thanks for asking: “\(question)”.",
            "There is more than one way to look at “\(question)”.", "On “\(question)”, in brief:",
        ]
    }

    private static func middles(_ subject: String, _ other: String) -> [String] {
        [
            "The heart of it is \(subject), and how it relates to \(other).",
            "It helps to begin with \(subject) and to come to \(other) only after that.",
            "Most of what matters follows from \(subject); \(other) mostly sets the frame.",
            "There is more than one view of \(subject), but they agree on the main points.",
            "Two things belong together here: \(subject) and \(other).",
        ]
    }

    private static func details(_ subject: String, _ other: String) -> [String] {
        [
            "Start small, check each step, and keep what works.",
            "In practice a rough first version says more about \(subject) than a long plan.",
            "If you compare a few examples of \(subject), the pattern is easy to see.",
            "What people often miss is how much \(other) changes the picture.",
            "A simple rule of thumb covers about 80 % of the cases.",
        ]
    }

    private static func list(_ subjects: [String], random: inout StableRandom) -> String {
        guard subjects.count > 2 else { return "" }
        let notes = [
            "worth a closer look", "the part most people ask about", "easy to check by yourself",
            "where the details matter",
            "best explained with an example", "the usual place to start",
        ]
        return subjects.prefix(4).map { "- \($0): \(random.pick(notes))" }.joined(separator: "\n")
    }

    private static let closings = [
        "Let me know if you would like more detail on any part.",
        "I can go deeper into any of these points – just ask.",
        "Would you like an example?", "Tell me more about your situation and I’ll adjust this.",
        "That is the short version; the long one depends on your goals.", "I hope this helps!",
    ]
}
