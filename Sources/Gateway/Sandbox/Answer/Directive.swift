/// Words that tell the sandbox what to answer, for tests that need to know it beforehand.
enum Directive: Hashable {
    /// `sandbox:echo TEXT` answers TEXT.
    case echo(String)
    /// `sandbox:tokens=N` answers a text of N tokens.
    case tokens(Int)

    /// In a user's message, makes the vendor's filter end the answer.
    static let contentFilterTrigger = "sandbox:content-filter"
    /// What gets through before the filter ends the answer.
    static let filteredBeginning = "Here is "

    private static let echoPrefix = "sandbox:echo "
    private static let tokensPrefix = "sandbox:tokens="

    init?(_ text: String) {
        if text.hasPrefix(Self.echoPrefix) {
            self = .echo(String(text.dropFirst(Self.echoPrefix.count)))
        } else if text.hasPrefix(Self.tokensPrefix),
            let count = Int(text.dropFirst(Self.tokensPrefix.count).prefix { $0.isASCII && $0.isNumber })
        {
            self = .tokens(count)
        } else {
            return nil
        }
    }
}

extension ChatRequest {
    var lastUserMessage: ChatMessage? { messages.last { $0.role == .user } }
    var lastUserText: String { lastUserMessage?.text ?? "" }
    var directive: Directive? { Directive(lastUserText) }
    var asksForContentFilter: Bool { lastUserText.contains(Directive.contentFilterTrigger) }

    /// The tool results the conversation ends with, each with the call it answers.
    var freshToolResults: [(call: ToolCall?, result: ChatMessage)] {
        let results = messages.reversed().prefix { $0.role == .tool }.reversed()
        let calls = messages.last { !$0.toolCalls.isEmpty }?.toolCalls ?? []
        return results.map { result in (calls.first { $0.id == result.toolCallID }, result) }
    }
}
