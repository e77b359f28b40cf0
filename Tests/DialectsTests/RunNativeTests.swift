import Domain
import JSON
import Testing

@testable import Dialects
@testable import Sandbox

@Suite("Run answers of hosted models")
struct RunNativeTests {
    private func native(_ chat: String, wantsJSON: Bool = false) throws(GatewayError) -> String {
        text(try RunNative.answer(bytes(chat), wantsJSON: wantsJSON, scanner: JSONScanner()))
    }

    private func chat(_ message: String) -> String {
        #"{"id":"x","choices":[{"index":0,"message":\#(message),"finish_reason":"stop"}],"usage":{ "prompt_tokens":1 }}"#
    }

    @Test(arguments: [
        (#"{"role":"assistant","content":"Hé \"you\""}"#, #""response":"Hé \"you\"""#),
        (#"{"content":null}"#, #""response":null"#), ("{}", #""response":null"#),
        (
            #"{"content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}}]}"#,
            #""response":null,"tool_calls":[{"name":"f","arguments":{"a": 1}}]"#
        ),
        (
            #"{"content":"","tool_calls":[{"function":{"name":"f","arguments":""}},{"function":{"name":"g","arguments":"{oops"}}]}"#,
            #""response":"","tool_calls":[{"name":"f","arguments":{}},{"name":"g","arguments":"{oops"}]"#
        ),
    ])
    func `a chat answer becomes Cloudflare's`(message: String, expected: String) throws {
        #expect(try native(chat(message)) == "{\(expected),\"usage\":{ \"prompt_tokens\":1 }}")
    }

    @Test(arguments: [
        (#"{\"a\": [1, 2.50]}"#, #"{"a": [1, 2.50]}"#), (#" [1]\n"#, "[1]"),
    ])
    func `JSON that was asked for is told as a value`(content: String, value: String) throws {
        let answer = try native(chat(#"{"content":"\#(content)"}"#), wantsJSON: true)
        #expect(answer == "{\"response\":\(value),\"usage\":{ \"prompt_tokens\":1 }}")
    }

    @Test(arguments: ["no", "7", "", "{"])
    func `text where JSON was asked for is a failure`(content: String) {
        let error = #expect(throws: GatewayError.self) {
            _ = try native(chat(#"{"content":"\#(content)"}"#), wantsJSON: true)
        }
        #expect(error?.message == "JSON Mode couldn't be met")
    }

    @Test(arguments: ["", "[]", #"{"choices":[]}"#, "<html>"])
    func `what is no answer is an error`(body: String) {
        #expect(throws: GatewayError.self) { _ = try native(body) }
    }

    // MARK: Vectors

    @Test(arguments: [
        (
            #"{"data":[{"index":1,"embedding":[3,4]},{"index":0,"embedding":[1, 2e-05]}],"usage":{}}"#,
            #"{"shape":[2,2],"data":[[1, 2e-05],[3,4]]}"#
        ), (#"{"data":[{"embedding":[0.5]}]}"#, #"{"shape":[1,1],"data":[[0.5]]}"#),
        (#"{"data":[]}"#, #"{"shape":[0,0],"data":[]}"#),
        (#"{"data":[{"embedding":[ ]}]}"#, #"{"shape":[1,0],"data":[[ ]]}"#),
    ])
    func `vectors become Cloudflare's`(answer: String, expected: String) throws {
        #expect(text(try RunNative.embeddings(bytes(answer), scanner: JSONScanner())) == expected)
    }

    @Test(arguments: [
        "", "{}", #"{"data":[{"embedding":"AAAA"}]}"#, #"{"data":[{"embedding":[1]},{"embedding":[1,2]}]}"#,
    ])
    func `vectors that are none are an error`(answer: String) {
        #expect(throws: GatewayError.self) { _ = try RunNative.embeddings(bytes(answer), scanner: JSONScanner()) }
    }

    // MARK: Metadata

    @Test(arguments: [
        ("{}", #"{"gatewayMetadata":{"keySource":"BYOK"}}"#),
        (#"{ "id":1.0 , "x":[] } "#, #"{ "id":1.0 , "x":[],"gatewayMetadata":{"keySource":"BYOK"} } "#),
        (#"{"gatewayMetadata":7,"a":1}"#, #"{"a":1,"gatewayMetadata":{"keySource":"BYOK"}}"#),
        (#"{"a":1,"gatewayMetadata":7}"#, #"{"a":1,"gatewayMetadata":{"keySource":"BYOK"}}"#), ("[1]", "[1]"),
        ("<html>", "<html>"), ("", ""),
    ])
    func `whose key it was stands last`(answer: String, expected: String) {
        #expect(text(RunMetadata.added(to: bytes(answer), keySource: .byok, scanner: JSONScanner())) == expected)
        #expect(RunKeySource.unified.rawValue == "Unified")
    }

    // MARK: Streams

    private func convert(_ stream: [UInt8], pieces size: Int) -> String {
        let scanner = JSONScanner()
        var converter = RunNativeStream()
        var sent: [UInt8] = []
        for start in Swift.stride(from: 0, to: stream.count, by: size) {
            sent += converter.convert(Array(stream[start..<min(start + size, stream.count)]), scanner: scanner)
        }
        return text(sent)
    }

    private func chunk(_ delta: String, finish: String = "null", more: String = "") -> String {
        #"data: {"choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]\#(more)}"# + "\n\n"
    }

    @Test(arguments: [1, 7, 1000])
    func `a stream becomes Cloudflare's`(size: Int) {
        let stream =
            chunk(#"{"role":"assistant","content":""}"#) + chunk(#"{"content":"H\u00e9"}"#) + ": ping\n\n"
            + chunk(#"{"reasoning_content":"hm"}"#) + chunk(#"{"content":"!"}"#)
            + chunk("{}", finish: "\"stop\"", more: #","usage":{"total_tokens":3}"#) + "data: [DONE]\n\n"
        let expected =
            #"data: {"response":"H\u00e9"}"# + "\n\n: ping\n\n" + #"data: {"response":"!"}"# + "\n\n"
            + #"data: {"response":"","usage":{"total_tokens":3}}"# + "\n\ndata: [DONE]\n\n"
        #expect(convert(bytes(stream), pieces: size) == expected)
    }

    @Test func `calls are told when they are whole`() {
        let stream =
            chunk(#"{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""}}]}"#)
            + chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\""}}]}"#)
            + chunk(#"{"tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":"{}"}}]}"#)
            + chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}"#)
            + chunk("{}", finish: "\"tool_calls\"") + "data: [DONE]\n\n"
        #expect(
            convert(bytes(stream), pieces: 9)
                == #"data: {"response":"","tool_calls":[{"name":"f","arguments":{"x":1}},{"name":"g","arguments":{}}]}"#
                + "\n\ndata: [DONE]\n\n")
    }

    @Test(arguments: [
        #"data: {"error":{"message":"x"}}"#, "data: oops",
    ])
    func `a failure ends the stream without its end mark`(event: String) {
        let stream = chunk(#"{"content":"a"}"#) + event + "\n\n" + chunk(#"{"content":"b"}"#) + "data: [DONE]\n\n"
        for size in [5, 1000] {
            let sent = convert(bytes(stream), pieces: size)
            #expect(sent.hasPrefix("data: {\"response\":\"a\"}\n\ndata: {\"error\":"))
            #expect(!sent.contains("\"b\"") && !sent.contains("[DONE]"))
        }
    }

    @Test func `calls have a limit`() {
        let scanner = JSONScanner()
        var converter = RunNativeStream(maximumEventBytes: 300)
        var sent = ""
        for _ in 0..<10 {
            let piece = chunk(
                #"{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"0123456789012345678901234567890123456789"}}]}"#
            )
            sent += text(converter.convert(bytes(piece), scanner: scanner))
        }
        #expect(converter.isOver && sent.contains("too large"))
    }

    @Test(arguments: NativeUsageStreamTests.words)
    func `a stream of the sandbox says what its whole answer says`(words: String) throws {
        let body: JSONValue = ["model": "gpt-4.1-mini", "messages": [["role": "user", "content": .string(words)]]]
        let request = try ChatRequestReading(models: SandboxModel.builtIn).read(body.serialized())
        let wire = ChatWire(answer: SimulatedAnswer(to: request), created: 1, includesUsage: true)
        let whole = try JSONValue(parsing: RunNative.answer(wire.whole(), scanner: JSONScanner()))
        var stream: [UInt8] = []
        for event in wire.events { stream += wire.frame(event) }
        let sent = convert(stream + wire.ending(), pieces: 50).split(separator: "\n\n").map { $0.dropFirst(6) }
        #expect(sent.last == "[DONE]")
        let events = try sent.dropLast().map { try JSONValue(parsing: Array($0.utf8)) }
        #expect(events.compactMap { $0["response"]?.stringValue }.joined() == whole["response"]?.stringValue)
        #expect(events.last?["usage"] == whole["usage"])
    }
}
