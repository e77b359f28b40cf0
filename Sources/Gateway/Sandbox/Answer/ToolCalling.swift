/// Decides which tools to call, and with what.
enum ToolCalling {
    static func calls(for request: ChatRequest, random: inout StableRandom) -> [ToolCall] { [] }
}
