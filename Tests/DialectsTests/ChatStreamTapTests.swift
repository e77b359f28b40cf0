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

    init(wantsUsageChunk: Bool = false, _ stream: String) throws {
        tap = ChatStreamTap(model: ModelID("openai/o4-mini"), wantsUsageChunk: wantsUsageChunk)
        let scanner = JSONScanner()
        var reader = ServerSentEventReader()
        reader.feed(bytes(stream))
        while let event = try reader.next() {
            switch tap.take(event, scanner: scanner) {
            case .pass(let bytes): sent.append(text(bytes))
            case .done(let bytes):
                sent.append(text(bytes))
                isDone = true
            case .failed(let failure): error = failure
            }
        }
    }
}

private func event(_ data: String) -> String { "data: \(data)\n\n" }

private func chunk(_ choices: String, model: String = "openai/o4-mini", _ more: String = "") -> String {
    event(#"{"model":"\#(model)","choices":[\#(choices)]\#(more)}"#)
}

private func delta(_ text: String, index: Int = 0) -> String {
    #"{"index":\#(index),"delta":{"content":"\#(text)"},"finish_reason":null}"#
}

private func finish(_ reason: String = "stop", index: Int = 0) -> String {
    #"{"index":\#(index),"delta":{},"finish_reason":"\#(reason)"}"#
}

private let usage = #""usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}"#
private let done = "data: [DONE]\n\n"

@Suite("Chat streams, tapped")
struct ChatStreamTapTests {
    @Test func `chunks go on at once under the model's public name`() throws {
        let tapped = try Tapped(chunk(delta("a"), model: "upstream-2026") + chunk(delta("b"), model: "upstream-2026"))
        #expect(tapped.sent == [chunk(delta("a")), chunk(delta("b"))])
        #expect(!tapped.tap.sawFinish)
        #expect(tapped.tap.usage == nil)
    }

    @Test func `usage of a chunk of its own rides on the finish chunk`() throws {
        let tapped = try Tapped(chunk(delta("a")) + chunk(finish()) + chunk("", ",\(usage)") + done)
        #expect(tapped.sent == [chunk(delta("a")), "", chunk(finish(), ",\(usage)"), ""])
        #expect(tapped.isDone)
        #expect(tapped.tap.usage == TokenUsage(promptTokens: 9, completionTokens: 3, totalTokens: 12))
    }

    @Test func `usage takes the place of a null on the finish chunk`() throws {
        let tapped = try Tapped(chunk(finish(), #","usage":null"#) + chunk("", ",\(usage)") + done)
        #expect(tapped.sent == ["", chunk(finish(), ",\(usage)"), ""])
    }

    @Test func `a usage chunk goes through when it was asked for`() throws {
        let tapped = try Tapped(wantsUsageChunk: true, chunk(finish()) + chunk("", ",\(usage)") + done)
        #expect(tapped.sent == [chunk(finish()), chunk("", ",\(usage)"), ""])
        #expect(tapped.tap.sawFinish)
        #expect(tapped.tap.usage?.totalTokens == 12)
    }

    @Test func `usage that comes on the finish chunk itself is read and stays`() throws {
        let tapped = try Tapped(chunk(finish(), ",\(usage)") + done)
        #expect(tapped.sent == ["", chunk(finish(), ",\(usage)")])
        #expect(tapped.tap.usage?.promptTokens == 9)
    }

    @Test func `each of several choices finishes, the last with usage`() throws {
        let tapped = try Tapped(
            chunk(delta("a")) + chunk(finish(index: 1)) + chunk(delta("b")) + chunk(finish()) + chunk("", ",\(usage)")
                + done)
        #expect(
            tapped.sent == [
                chunk(delta("a")), "", chunk(finish(index: 1)) + chunk(delta("b")), "", chunk(finish(), ",\(usage)"),
                "",
            ])
    }

    @Test func `a finish chunk behind another lets the first one go`() throws {
        let tapped = try Tapped(chunk(finish(index: 1)) + chunk(finish()) + done)
        #expect(tapped.sent == ["", chunk(finish(index: 1)), chunk(finish())])
    }

    @Test func `without usage the held finish chunk goes before the end mark`() throws {
        let tapped = try Tapped(chunk(finish()) + done)
        #expect(tapped.sent == ["", chunk(finish())])
        #expect(tapped.isDone)
        #expect(tapped.tap.usage == nil)
    }

    @Test func `without an end mark the held finish chunk is released once`() throws {
        var tapped = try Tapped(chunk(finish()))
        #expect(tapped.sent == [""])
        #expect(!tapped.isDone)
        #expect(text(tapped.tap.releaseFinish()) == chunk(finish()))
        #expect(tapped.tap.releaseFinish().isEmpty)
    }

    @Test func `usage with no finish chunk to ride on goes to the record alone`() throws {
        let tapped = try Tapped(chunk(delta("a")) + chunk("", ",\(usage)") + done)
        #expect(tapped.sent == [chunk(delta("a")), "", ""])
        #expect(tapped.tap.usage?.completionTokens == 3)
    }

    @Test func `a chunk with neither choices nor usage goes on as it is`() throws {
        let stream = chunk("", #","prompt_filter_results":[]"#)
        #expect(try Tapped(stream).sent == [stream])
    }

    @Test func `signs of life go on byte for byte and release nothing`() throws {
        let tapped = try Tapped(": alive\n\n" + chunk(finish()) + ":\r\n\r\n" + chunk("", ",\(usage)") + done)
        #expect(tapped.sent == [": alive\n\n", "", ":\r\n\r\n", chunk(finish(), ",\(usage)"), ""])
    }

    @Test(
        "An error of the vendor ends the stream",
        arguments: [
            (#"{"error":{"message":"fell over","type":"server_error"}}"#, "fell over"),
            (#"{"error":"fell over"}"#, "fell over"),
            (#"{"choices":[],"error":{"code":7}}"#, "The provider failed in the middle of its answer."),
        ])
    func vendorError(data: String, message: String) throws {
        let tapped = try Tapped(chunk(delta("a")) + event(data))
        #expect(tapped.sent == [chunk(delta("a"))])
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
