import Domain
import JSON
import Testing

@testable import Dialects

/// A tap with a vendor's events going through it.
struct Tapped {
    /// What was sent on after each event.
    private(set) var sent: [String] = []
    private(set) var isDone = false
    private(set) var error: GatewayError?
    var tap: ChatStreamTap

    init(wantsUsageChunk: Bool = false, _ stream: String, model: String = "openai/o4-mini") throws {
        tap = ChatStreamTap(model: ModelID(model), wantsUsageChunk: wantsUsageChunk, promptEstimate: 10)
        let scanner = JSONScanner()
        var reader = ServerSentEventReader()
        reader.feed(bytes(stream))
        while let event = try reader.next() {
            switch tap.take(event, scanner: scanner) {
            case .pass(let bytes): sent.append(text(bytes))
            case .done:
                sent.append(text(tap.end(isComplete: true)))
                isDone = true
            case .failed(let failure): error = failure
            }
        }
    }

    var all: String { sent.joined() }
}

func event(_ data: String) -> String { "data: \(data)\n\n" }

func chunk(_ choices: String, model: String = "openai/o4-mini", _ more: String = "") -> String {
    event(#"{"model":"\#(model)","choices":[\#(choices)]\#(more)}"#)
}

func choice(_ delta: String, finish: String = "null", index: Int = 0) -> String {
    #"{"index":\#(index),"delta":{\#(delta)},"finish_reason":\#(finish)}"#
}

private func delta(_ text: String, index: Int = 0) -> String { choice(#""content":"\#(text)""#, index: index) }
private func finish(_ reason: String = "stop", index: Int = 0) -> String {
    choice("", finish: "\"\(reason)\"", index: index)
}
private func role(_ index: Int = 0) -> String { chunk(choice(#""role":"assistant""#, index: index)) }

private let usage = #""usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}"#
private let done = "data: [DONE]\n\n"

@Suite("Chat streams, tapped")
struct ChatStreamTapTests {
    @Test func `chunks go on at once under the model's public name`() throws {
        func stream(_ model: String) -> [String] {
            [choice(#""role":"assistant""#), delta("a"), delta("b")].map { chunk($0, model: model, #", "x":[ 1.50 ]"#) }
        }
        let tapped = try Tapped(stream("upstream-2026").joined())
        #expect(tapped.sent == stream("openai/o4-mini"))
        #expect(!tapped.tap.sawFinish)
        #expect(tapped.tap.usage == nil)
    }

    @Test func `a chunk that needs nothing goes on in the storage it came in`() throws {
        let said = Array(role().utf8)
        let event = ServerSentEvent(data: Array(said.dropFirst(6).dropLast(2)), raw: said)
        var tap = ChatStreamTap(model: ModelID("openai/o4-mini"), wantsUsageChunk: false, promptEstimate: 0)
        guard case .pass(let sent) = tap.take(event, scanner: JSONScanner()) else {
            Issue.record("not passed")
            return
        }
        #expect(sent == said)
        let isSame = sent.withUnsafeBytes { one in
            event.raw.withUnsafeBytes { other in one.baseAddress == other.baseAddress }
        }
        #expect(isSame)
    }

    @Test func `usage of a chunk of its own rides on the finish chunk`() throws {
        let tapped = try Tapped(role() + chunk(delta("a")) + chunk(finish()) + chunk("", ",\(usage)") + done)
        #expect(tapped.sent == [role(), chunk(delta("a")), "", "", chunk(finish(), ",\(usage)")])
        #expect(tapped.isDone)
        #expect(tapped.tap.usage == TokenUsage(promptTokens: 9, completionTokens: 3, totalTokens: 12))
    }

    @Test func `usage takes the place of a null on the finish chunk`() throws {
        let tapped = try Tapped(role() + chunk(finish(), #","usage":null"#) + chunk("", ",\(usage)") + done)
        #expect(tapped.sent == [role(), "", "", chunk(finish(), ",\(usage)")])
    }

    @Test func `a usage chunk is the last one when it was asked for`() throws {
        let tapped = try Tapped(
            wantsUsageChunk: true, role() + chunk(finish()) + chunk("", #","x":1,\#(usage)"#) + done)
        #expect(tapped.sent == [role(), "", "", chunk(finish()) + chunk("", #","x":1,\#(usage)"#)])
        #expect(tapped.tap.sawFinish)
        #expect(tapped.tap.usage?.totalTokens == 12)
    }

    @Test func `usage on the finish chunk itself stays there, or gets a chunk of its own`() throws {
        let stream = role() + chunk(finish(), ",\(usage)") + done
        #expect(try Tapped(stream).sent == [role(), "", chunk(finish(), ",\(usage)")])
        #expect(
            try Tapped(wantsUsageChunk: true, stream).sent
                == [role(), "", chunk(finish(), #","usage":null"#) + chunk("", ",\(usage)")])
    }

    @Test(arguments: [false, true])
    func `usage of every chunk is told once, the latest`(isAsked: Bool) throws {
        let early = #","usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":10}"#
        let stream = chunk(choice(#""role":"assistant""#), early) + chunk(delta("a"), early) + chunk(finish(), early)
        let tapped = try Tapped(wantsUsageChunk: isAsked, stream + chunk("", ",\(usage)") + done)
        let null = #","usage":null"#
        let begin = chunk(choice(#""role":"assistant""#), null) + chunk(delta("a"), null)
        let end = isAsked ? chunk(finish(), null) + chunk("", ",\(usage)") : chunk(finish(), ",\(usage)")
        #expect(tapped.all == begin + end)
    }

    @Test func `counts that came one by one are told together`() throws {
        let tapped = try Tapped(
            role() + chunk("", #","usage":{"prompt_tokens":9,"prompt_tokens_details":{"cached_tokens":4}}"#)
                + chunk(finish()) + chunk("", #","usage":{"completion_tokens":3}"#) + done)
        let told =
            #"{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12,"prompt_tokens_details":{"cached_tokens":4}}"#
        #expect(tapped.sent.last == chunk(finish(), #","usage":\#(told)"#))
    }

    @Test(arguments: ["", #","usage":null"#, #","usage":{}"#])
    func `where the vendor counts nothing, an estimate is told that says so`(silence: String) throws {
        let told = #"{"prompt_tokens":10,"completion_tokens":6,"total_tokens":16,"estimated":true}"#
        let stream = role() + chunk(delta("hello")) + chunk(finish(), silence) + done
        let tapped = try Tapped(stream)
        #expect(tapped.sent.last == chunk(finish(), #","usage":\#(told)"#))
        #expect(tapped.tap.usage == nil)
        let asked = try Tapped(wantsUsageChunk: true, stream)
        #expect(asked.all.hasSuffix(chunk("", #","usage":\#(told)"#)))
        let choices = #""choices":[{"index":0,"message":{"content":"hello"},"finish_reason":"stop"}]"#
        let whole = try ChatAnswer(
            bytes("{\(choices)\(silence)}"), model: ModelID("m"), promptEstimate: 10, scanner: JSONScanner())
        #expect(text(whole.body) == #"{\#(choices),"usage":\#(told)}"#)
    }

    @Test func `each of several choices finishes, the last with usage`() throws {
        let tapped = try Tapped(
            role() + chunk(delta("a")) + role(1) + chunk(finish(index: 1)) + chunk(delta("b")) + chunk(finish())
                + chunk("", ",\(usage)") + done)
        #expect(
            tapped.sent == [
                role(), chunk(delta("a")), role(1), "", chunk(finish(index: 1)) + chunk(delta("b")), "", "",
                chunk(finish(), ",\(usage)"),
            ])
    }

    @Test func `without an end mark the held finish chunk is released once`() throws {
        var tapped = try Tapped(role() + chunk(finish()) + chunk("", ",\(usage)"))
        #expect(tapped.sent == [role(), "", ""])
        #expect(!tapped.isDone)
        #expect(text(tapped.tap.end(isComplete: true)) == chunk(finish(), ",\(usage)"))
        #expect(tapped.tap.end(isComplete: true).isEmpty)
    }

    @Test func `a stream that broke has no usage chunk`() throws {
        var tapped = try Tapped(wantsUsageChunk: true, role() + chunk(finish()) + chunk("", ",\(usage)"))
        #expect(text(tapped.tap.end(isComplete: false)) == chunk(finish()))
    }

    @Test func `usage with no finish chunk to ride on goes to the record alone`() throws {
        let tapped = try Tapped(role() + chunk(delta("a")) + chunk("", ",\(usage)") + done)
        #expect(tapped.sent == [role(), chunk(delta("a")), "", ""])
        #expect(tapped.tap.usage?.completionTokens == 3)
    }

    @Test(arguments: [
        #"{"choices":[],"prompt_filter_results":[],"id":""}"#, #"{"type":"ping"}"#, #"{"choices":[null]}"#,
    ])
    func `a frame without a choice does not reach the client`(data: String) throws {
        #expect(try Tapped(event(data)).sent == [""])
    }

    @Test func `signs of life go on byte for byte and release nothing`() throws {
        let tapped = try Tapped(": alive\n\n" + role() + chunk(finish()) + ":\r\n\r\n" + chunk("", ",\(usage)") + done)
        #expect(tapped.sent == [": alive\n\n", role(), "", ":\r\n\r\n", "", chunk(finish(), ",\(usage)")])
    }

    @Test(
        "An error of the vendor ends the stream",
        arguments: [
            (#"{"error":{"message":"fell over","type":"server_error"}}"#, "fell over"),
            (#"{"error":"fell over"}"#, "fell over"),
            (#"{"choices":[],"error":{"code":7}}"#, "The provider failed in the middle of its answer."),
        ])
    func vendorError(data: String, message: String) throws {
        let tapped = try Tapped(role() + chunk(delta("a")) + event(data))
        #expect(tapped.sent == [role(), chunk(delta("a"))])
        #expect(tapped.error == GatewayError(.providerError, message))
    }

    @Test func `an error that is null is none`() throws {
        #expect(try Tapped(chunk(delta("a"), #","error":null"#)).error == nil)
    }

    @Test(arguments: ["{", "", "[]", "7", "[DONE", #"{"choices":[}"#])
    func `a part that is no object ends the stream`(data: String) throws {
        #expect(try Tapped(event(data)).error?.reason == .providerError)
    }
}
