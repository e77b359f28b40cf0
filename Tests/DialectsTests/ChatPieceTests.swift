import Domain
import Testing

@testable import Dialects

@Suite("Frames of all manners, in the form of the stream")
struct ChatPieceTests {
    struct Manner: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Choices as their vendor sends them, a frame each.
        let sent: [String]
        /// Deltas as clients get them, a frame each; a finish is told as its reason.
        let told: [String]

        init(_ name: String, _ sent: [String], _ told: [String]) {
            testDescription = name
            self.sent = sent
            self.told = told
        }
    }

    private static let role = #""role":"assistant""#
    private static let (one, two) = (#""content":"one ""#, #""content":"two""#)
    private static let calls = #""tool_calls""#
    private static let begin =
        #"\#(calls):[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""}}]"#
    private static let (open, close) = (
        #"\#(calls):[{"index":0,"function":{"arguments":"{\"a\":"}}]"#,
        #"\#(calls):[{"index":0,"function":{"arguments":"1}"}}]"#
    )
    private static let full = #"\#(calls):[{"index":0,"function":{"arguments":"{\"a\":1}"}}]"#

    private static func stop(_ delta: String = "") -> String { choice(delta, finish: #""stop""#) }
    private static func told(_ deltas: [String]) -> [String] { deltas.map { choice($0) } + [stop()] }

    static let texts: [Manner] = [
        Manner("role alone", [choice(role), choice(one), choice(two), stop()], told([role, one, two])),
        Manner(
            "OpenAI's first frame", [choice(#"\#(role),"content":"","refusal":null"#), choice(one), stop()],
            told([role, one])),
        Manner(
            "OpenAI's first frame before tools", [choice(#"\#(role),"content":null,\#(begin)"#), choice(full), stop()],
            told([role, begin, full])),
        Manner("no role", [choice(one), choice(two), stop()], told([role, one, two])),
        Manner("role with text", [choice("\(role),\(one)"), stop()], told([role, one])),
        Manner(
            "role in every frame", [choice("\(role),\(one)"), choice("\(role),\(two)"), stop(role)],
            told([role, one, two])),
        Manner("nothing but a finish", [stop()], told([role])),
        Manner("text in the finish frame", [choice(role), choice(one), stop(two)], told([role, one, two])),
        Manner("empty text in the finish frame", [choice(one), stop(#""content":"""#)], told([role, one])),
        Manner(
            "frames that say nothing", [choice(""), choice(one), choice(#""content":"""#), stop()], told([role, one])),
        Manner(
            "a reason that is empty", [choice(role, finish: #""""#), choice(one, finish: #""""#), stop()],
            told([role, one])),
        Manner(
            "after the finish", [choice(role), stop(), choice(#"\#(role),"content":"""#), stop()], told([role])),
        Manner("text after the finish", [choice(role), stop(), choice(one)], told([role, one])),
        Manner(
            "thinking beside text", [choice(#"\#(one),"reasoning_content":"t""#), stop()],
            told([role, #""reasoning_content":"t""#, one])),
        Manner(
            "thinking by another name, beside empty text",
            [choice(#"\#(role),"content":"","reasoning":"t""#), choice(one), stop()],
            told([role, #""reasoning_content":"t""#, one])),
        Manner(
            "thinking by another name, beside an empty place for it",
            [choice(role), choice(#""reasoning_content":null,"thinking":"t""#), stop()],
            told([role, #""reasoning_content":"t""#])),
        Manner(
            "members nobody knows",
            [choice(#"\#(one),"audio":{"id":1},"x":null"#), choice(#""y":2"#), stop(#""z":3"#)],
            told([role, #"\#(one),"audio":{"id":1}"#, #""y":2"#, #""z":3"#])),
        Manner(
            "a refusal", [choice(#"\#(role),"content":"","refusal":"no""#), stop()], told([role, #""refusal":"no""#])),
    ]

    static let tools: [Manner] = [
        Manner(
            "fragments", [choice(role), choice(begin), choice(open), choice(close), stop()],
            told([role, begin, open, close])),
        Manner(
            "a whole call at once",
            [choice(begin.replacing(#""arguments":"""#, with: #""arguments":"{\"a\":1}""#)), stop()],
            told([role, begin, full])),
        Manner(
            "in the finish frame", [stop(begin.replacing(#""arguments":"""#, with: #""arguments":"{\"a\":1}""#))],
            told([role, begin, full])),
        Manner(
            "neither number nor type nor arguments",
            [choice(#"\#(calls):[{"id":"c1","function":{"name":"f"}}]"#), stop()],
            told([role, begin])),
        Manner(
            "arguments that are no text",
            [choice(#"\#(calls):[{"id":"c1","function":{"name":"f","arguments":{"a":1}}}]"#), stop()],
            told([role, begin, full])),
        Manner(
            "id and name repeated",
            [choice(begin), choice(begin.replacing(#""arguments":"""#, with: #""arguments":"{\"a\":1}""#)), stop()],
            told([role, begin, full])),
        Manner(
            "numbered from one",
            [
                choice(role), choice(begin.replacing(#""index":0"#, with: #""index":1"#)),
                choice(full.replacing(#""index":0"#, with: #""index":1"#)), stop(),
            ], told([role, begin, full])),
        Manner(
            "two calls of one number", [choice(begin), choice(begin.replacing("c1", with: "c2")), stop()],
            told([role, begin, begin.replacing("c1", with: "c2").replacing(#""index":0"#, with: #""index":1"#)])),
        Manner(
            "members nobody knows",
            [choice(begin.replacing(#"}}]"#, with: #"},"extra":{"s":"x"}}]"#)), choice(full), stop()],
            told([role, begin.replacing(#"}}]"#, with: #"},"extra":{"s":"x"}}]"#), full])),
    ]

    @Test(arguments: texts + tools)
    func `a choice is told role, one thing at a time, and its finish`(manner: Manner) throws {
        for isAsked in [false, true] {
            let stream = manner.sent.map { chunk($0, model: "vendor", #","x":1"#) }.joined() + "data: [DONE]\n\n"
            let sent = try Tapped(wantsUsageChunk: isAsked, stream).all
            #expect(try Tapped(stream).error == nil)
            let estimate = try #require(sent.firstRange(of: #","usage":{"#))
            let frames = manner.told.map { chunk($0, #","x":1"#) }.joined()
            let wanted = isAsked ? frames + chunk("", #","x":1"#) : frames
            #expect(sent[..<estimate.lowerBound] == wanted.dropLast(3))
        }
    }

    @Test func `what a choice lacks is made up for`() throws {
        let sent = try Tapped(chunk(#"{"delta":{"content":"a"}}"#) + chunk(#"{"finish_reason":"stop","x":1}"#)).all
        #expect(
            sent == chunk(choice(Self.role))
                + chunk(#"{"delta":{"content":"a"},"index":0,"finish_reason":null}"#))
    }

    @Test func `several choices in a frame get a frame each`() throws {
        let sent = try Tapped(chunk(#"\#(choice(Self.one)) , \#(choice(Self.two, index: 1))"#)).all
        #expect(
            sent == chunk(choice(Self.role)) + chunk(choice(Self.one)) + chunk(choice(Self.role, index: 1))
                + chunk(choice(Self.two, index: 1)))
    }

    @Test func `log probabilities stay with their text`() throws {
        let logprobs = #""logprobs":{"content":[{"token":"a"}]}"#
        func said(_ delta: String, _ finish: String) -> String {
            #"{"index":0,"delta":{\#(delta)},\#(logprobs),"finish_reason":\#(finish)}"#
        }
        var tapped = try Tapped(chunk(said(Self.one, #""length""#)))
        #expect(tapped.all == chunk(choice(Self.role)) + chunk(said(Self.one, "null")))
        #expect(text(tapped.tap.end(isComplete: true)).hasPrefix(chunk(choice("", finish: #""length""#)).dropLast(3)))
        let alone = chunk(choice(Self.role)) + chunk(said("", "null"))
        #expect(try Tapped(alone).all == alone)
    }

    @Test func `data of several lines stays so`() throws {
        let sent = try Tapped("data: {\"choices\":\ndata: [\(choice(Self.role))]}\n\n").all
        #expect(sent == "data: {\"choices\":\ndata: [\(choice(Self.role))]}\n\n")
    }
}
