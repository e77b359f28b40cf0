import JSON

extension JSONValue {
    /// What the model said in a whole answer, whichever dialect it is in; nil when it is no answer in words.
    var outputText: String? {
        if let message = self["choices"]?[0]?["message"] {
            return message["content"].map { $0.stringValue ?? $0.joined("text") } ?? ""
        }
        if self["object"]?.stringValue == "response" {
            let parts = (self["output"]?.arrayValue ?? []).flatMap { $0["content"]?.arrayValue ?? [] }
            return JSONValue.array(parts).joined("output_text")
        }
        if self["type"]?.stringValue == "message" { return self["content"]?.joined("text") }
        return self["response"]?.stringValue
    }

    /// What one event of a stream adds to the text.
    var deltaText: String {
        if let choices = self["choices"] { return choices[0]?["delta"]?["content"]?.stringValue ?? "" }
        switch self["type"]?.stringValue {
        case "response.output_text.delta": return self["delta"]?.stringValue ?? ""
        case "content_block_delta": return self["delta"]?["text"]?.stringValue ?? ""
        default: return self["response"]?.stringValue ?? ""
        }
    }

    /// What one event of a stream adds to the model's thoughts.
    var deltaReasoning: String {
        let delta = self["choices"]?[0]?["delta"] ?? self["delta"]
        return ["reasoning_content", "reasoning", "thinking"].lazy.compactMap { delta?[$0]?.stringValue }.first ?? ""
    }

    private func joined(_ type: String) -> String {
        (arrayValue ?? []).filter { $0["type"]?.stringValue == type }.compactMap { $0["text"]?.stringValue }.joined()
    }
}
