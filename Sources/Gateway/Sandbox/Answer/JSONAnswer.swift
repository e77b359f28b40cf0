import JSON

/// Answers that must be JSON.
enum JSONAnswer {
    static func freeForm(_ request: ChatRequest, random: inout StableRandom) -> String {
        let value: JSONValue = [
            "question": .string(Words.excerpt(request.lastUserText)),
            "answer": .string(AnswerText.reply(to: request, random: &random)),
            "keywords": .array(Words.keywords(of: request.lastUserText).map(JSONValue.string)),
        ]
        return text(value)
    }

    /// A value the schema allows; an empty object for a schema that allows none.
    static func conforming(to schema: JSONValue, _ request: ChatRequest, random: inout StableRandom) -> String {
        let hints = TextHints(request.lastUserText)
        return text(SchemaSample.value(for: schema, hints: hints, fillsOptional: true, random: &random) ?? [:])
    }

    static func text(_ value: JSONValue) -> String {
        String(decoding: value.serialized(), as: UTF8.self)
    }
}
