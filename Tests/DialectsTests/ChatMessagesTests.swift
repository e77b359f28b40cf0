import Domain
import JSON
import Testing

@testable import Dialects

private let vision = model(capabilities: ["vision"])

/// A request whose only message is this one.
private func only(_ message: String) -> String { #"{"model":"m","messages":[\#(message)]}"# }
private func user(_ parts: String) -> String { only(#"{"role":"user","content":[\#(parts)]}"#) }
private func image(_ url: String) -> String { #"{"type":"image_url","image_url":{"url":"\#(url)"}}"# }

@Suite("Messages of chat requests")
struct ChatMessagesTests {
    static let taken: [String] = [
        #"{"role":"system","content":"x"}"#, #"{"role":"developer","content":[{"type":"text","text":"x"}]}"#,
        #"{"role":"user","content":"","name":"n"}"#, #"{"content":"x","r\u006fle":"us\u0065r"}"#,
        #"{"role":"assistant","content":null}"#, #"{"role":"assistant"}"#,
        #"{"role":"assistant","content":[{"type":"refusal","refusal":"no"}],"refusal":"no","audio":{"id":"a"}}"#,
        #"{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}"#,
        #"{"role":"assistant","tool_calls":[{"id":"c","type":"custom","custom":{"name":"f","input":"x"}}]}"#,
        #"{"role":"assistant","function_call":{"name":"f","arguments":""}}"#,
        #"{"role":"tool","tool_call_id":"c","content":"x"}"#, #"{"role":"function","name":"f","content":"x"}"#,
        #"{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]}"#,
        #"{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}"#,
        #"{"role":"user","content":[],"cache_control":{"type":"ephemeral"},"anything":[1]}"#,
    ]

    @Test(arguments: taken)
    func `every role and part is taken`(message: String) {
        #expect(throws: Never.self) { _ = try prepared(only(message)) }
    }

    static let refused: [Refusal] = [
        Refusal(#"{}"#, .missingField, "/messages/0/role"),
        Refusal(#"{"role":null,"content":"x"}"#, .missingField, "/messages/0/role"),
        Refusal(#"{"role":"robot","content":"x"}"#, .invalidValue, "/messages/0/role"),
        Refusal(#"{"role":7,"content":"x"}"#, .invalidType, "/messages/0/role"),
        Refusal(#"{"role":"user","role":"user","content":"x"}"#, .duplicateField, "/messages/0/role"),
        Refusal(#"{"role":"user"}"#, .missingField, "/messages/0/content"),
        Refusal(#"{"role":"user","content":null}"#, .missingField, "/messages/0/content"),
        Refusal(#"{"role":"user","content":7}"#, .invalidType, "/messages/0/content"),
        Refusal(#"{"role":"user","content":["x"]}"#, .invalidType, "/messages/0/content/0"),
        Refusal(#"{"role":"user","content":[{}]}"#, .missingField, "/messages/0/content/0/type"),
        Refusal(#"{"role":"user","content":[{"type":"smell"}]}"#, .invalidValue, "/messages/0/content/0/type"),
        Refusal(#"{"role":"user","content":[{"type":"text"}]}"#, .missingField, "/messages/0/content/0/text"),
        Refusal(#"{"role":"user","content":[{"type":"text","text":7}]}"#, .invalidType, "/messages/0/content/0/text"),
        Refusal(
            #"{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"x"}}]}"#, .missingField,
            "/messages/0/content/0/input_audio/format"),
        Refusal(#"{"role":"user","content":[{"type":"file"}]}"#, .missingField, "/messages/0/content/0/file"),
        Refusal(#"{"role":"user","name":7,"content":"x"}"#, .invalidType, "/messages/0/name"),
        Refusal(#"{"role":"tool","content":"x"}"#, .missingField, "/messages/0/tool_call_id"),
        Refusal(#"{"role":"function","content":"x"}"#, .missingField, "/messages/0/name"),
        Refusal(#"{"role":"assistant","tool_calls":{}}"#, .invalidType, "/messages/0/tool_calls"),
        Refusal(#"{"role":"assistant","tool_calls":[{}]}"#, .missingField, "/messages/0/tool_calls/0/type"),
        Refusal(
            #"{"role":"assistant","tool_calls":[{"type":"function","function":{"name":"f","arguments":""}}]}"#,
            .missingField, "/messages/0/tool_calls/0/id"),
        Refusal(
            #"{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":{}}}]}"#,
            .invalidType, "/messages/0/tool_calls/0/function/arguments"),
        Refusal(
            #"{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f"}}]}"#,
            .missingField, "/messages/0/tool_calls/0/function/arguments"),
    ]

    @Test(arguments: refused)
    func `what is wrong is told by its place`(refusal: Refusal) {
        let error = #expect(throws: GatewayError.self) { _ = try prepared(only(refusal.body)) }
        #expect(error?.reason == refusal.reason)
        #expect(error?.param == refusal.param)
    }

    // MARK: Images

    static let pixel = "iVBORw0KGgo="

    @Test(arguments: [
        "https://example.com/a.png", "HTTPS://example.com/a", #"https:\/\/example.com"#,
        "data:image/png;base64,\(pixel)", "data:image/jpeg;base64,\(pixel)", "data:image/gif;base64,\(pixel)",
        "data:image/webp;base64,\(pixel)", "data:image/PNG;base64,\(pixel)",
    ])
    func `an image is an https address or a data URI`(url: String) {
        #expect(throws: Never.self) { _ = try prepared(user(image(url)), for: vision) }
    }

    @Test(arguments: [
        "", "http://example.com/a.png", "https://", "file:///etc/passwd", "ftp://x", "data:image/svg+xml;base64,AAAA",
        "data:text/plain,x", "data:image/png;base64,", "data:image/png,AAAA",
        "https://example.com/" + String(repeating: "x", count: 8192),
    ])
    func `no other address is taken`(url: String) {
        let error = #expect(throws: GatewayError.self) { _ = try prepared(user(image(url)), for: vision) }
        #expect(error?.reason == .invalidValue)
        #expect(error?.param == "/messages/0/content/0/image_url/url")
    }

    @Test func `a model without eyes is not sent images`() {
        let error = #expect(throws: GatewayError.self) {
            _ = try prepared(user(#"{"type":"text","text":"x"},\#(image("https://example.com"))"#))
        }
        #expect(error?.reason == .invalidValue)
        #expect(error?.param == "/messages/0/content/1/image_url")
    }

    @Test func `images are limited in number`() {
        func images(_ count: Int) -> String {
            user(Array(repeating: image("https://a.b"), count: count).joined(separator: ","))
        }
        let limit = ImageAllowance.maximumCount
        #expect(throws: Never.self) { _ = try prepared(images(limit), for: vision) }
        let many = #expect(throws: GatewayError.self) { _ = try prepared(images(limit + 1), for: vision) }
        #expect(many?.param == "/messages/0/content/\(limit)/image_url")
    }

    @Test func `an image that is too large is refused by its place`() {
        let data = "data:image/png;base64," + String(repeating: "A", count: (ImageAllowance.maximumBytes / 3 + 1) * 4)
        let error = #expect(throws: GatewayError.self) { _ = try prepared(user(image(data)), for: vision) }
        #expect(error?.reason == .invalidValue)
        #expect(error?.param == "/messages/0/content/0/image_url/url")
    }

    @Test func `images are limited in size, one and together`() {
        var allowance = ImageAllowance()
        let largest = ImageAllowance.maximumBytes
        #expect(allowance.add(bytes: 0) != nil)
        #expect(allowance.add(bytes: largest + 1) != nil)
        #expect(allowance.add(bytes: largest) == nil)
        #expect(allowance.add(bytes: largest) == nil)
        #expect(allowance.add(bytes: 1) != nil)
    }
}
