import JSON

/// Answers that must be JSON.
enum JSONAnswer {
    static func freeForm(_ request: ChatRequest, random: inout StableRandom) -> String {
        let value: JSONValue = [
            "question": .string(Words.excerpt(request.lastUserText)),
            "answer": .string(AnswerText.reply(to: request, random: &random)),
            "keywords": .array(Words.keywords(of: request.lastUserText).map(JSONValue.string)),
        ]
        return String(decoding: value.serialized(), as: UTF8.self)
    }

    static func conforming(to schema: JSONValue, _ request: ChatRequest, random: inout StableRandom) -> String {
        freeForm(request, random: &random)
    }
}
