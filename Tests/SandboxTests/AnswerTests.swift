import Foundation
import JSON
import Testing

@testable import Sandbox

@Suite("Sandbox answers")
struct AnswerTests {
    @Test(arguments: [
        ("What are the three laws of thermodynamics?", ["entropy", "absolute zero", "conservation of energy"]),
        ("How do I read a JSON file in Python?", ["json.load", "import json"]),
        ("Write a short story opening about a detective finding an unusual clue.", ["She crouched", "music box"]),
        ("Explain the concept of recursion with a simple example.", ["base case", "factorial"]),
        ("How do whales sleep under water?", ["How do whales sleep under water?", "whales", "sleep"]),
        ("Hello!", ["H"]), ("What is 2+2?", ["2 + 2 = 4"]), ("17 * -3?", ["17 × -3 = -51"]), ("1/0", ["Simulated"]),
    ])
    func `an answer is about the question`(question: String, mentions: [String]) throws {
        let text = try content(body("gpt-4.1-mini", question))
        for mention in mentions { #expect(text.contains(mention)) }
    }

    @Test func `an answer knows the conversation before it`() throws {
        let messages: JSONValue = [
            ["role": "user", "content": "I need help planning a road trip from San Francisco to Los Angeles."],
            ["role": "assistant", "content": "Would you like suggestions?"],
            ["role": "user", "content": "Yes, what are some good places to stop?"],
        ]
        let text = try content(body().with("messages", messages))
        #expect(text.contains("Big Sur") && text.contains("Santa Barbara"))
    }

    @Test func `the same request has the same answer, another seed another`() throws {
        let request = body("o4-mini", "What are the three laws of thermodynamics?")
        #expect(try answer(request) == answer(request))
        #expect(Set(try (0..<20).map { try content(request.with("seed", .int($0))) }).count > 5)
        #expect(Set(try (0..<20).map { try answer(request.with("seed", .int($0)))["id"] }).count == 20)
    }

    @Test func `several choices differ and their tokens add up`() throws {
        let three = try #require(try answer(body("gpt-4.1-mini", "Why do cats purr?", ["n": 3]))["choices"]?.arrayValue)
        #expect(three.map { $0["index"] } == [0, 1, 2])
        #expect(Set(three.map { $0["message"] }).count == 3)
        let one = try answer(body("gpt-4.1-mini", "Why do cats purr?"))["choices"]?[0]?["message"]
        #expect(one == three[0]["message"])
    }

    // MARK: Reasoning

    @Test(arguments: ["o4-mini", "o3-mini"], ["Why?", "What are the three laws of thermodynamics?"])
    func `more effort is more thought`(model: String, question: String) throws {
        func tokens(_ effort: String?) throws -> Int {
            let request =
                effort.map { body(model, question, ["reasoning_effort": .string($0)]) } ?? body(model, question)
            let answer = try answer(request)
            let tokens = try #require(answer["usage"]?["completion_tokens_details"]?["reasoning_tokens"]?.intValue)
            #expect((answer["choices"]?[0]?["message"]?["reasoning_content"] != nil) == (tokens > 0))
            return tokens
        }
        let levels = try ["none", "low", "medium", "high"].map(tokens)
        #expect(levels[0] == 0 && levels[0] < levels[1] && levels[1] < levels[2] && levels[2] < levels[3])
        let standard = try tokens(nil)
        #expect(levels[1] < standard && standard < levels[3])
    }

    @Test func `models that do not reason show no reasoning`() throws {
        let answer = try answer(body("gpt-4.1-mini", "Why?", ["reasoning_effort": "high"]))
        #expect(answer["choices"]?[0]?["message"]?["reasoning_content"] == nil)
        #expect(answer["usage"]?["completion_tokens_details"]?["reasoning_tokens"] == 0)
    }

    @Test func `a limit can end an answer within its reasoning`() throws {
        let answer = try answer(body("o4-mini", "Why?", ["max_completion_tokens": 6]))
        let choice = answer["choices"]?[0]
        #expect(choice?["finish_reason"] == "length" && choice?["message"]?["content"] == "")
        #expect(answer["usage"]?["completion_tokens"] == 6)
    }

    // MARK: Ends

    @Test(arguments: [("max_tokens", 1), ("max_completion_tokens", 3)])
    func `a limit gives the beginning of the same answer`(name: String, limit: Int) throws {
        let request = body("gpt-4.1-mini", "sandbox:echo abcdefghijklmnop")
        let choice = try answer(request.with(name, .int(limit)))["choices"]?[0]
        #expect(choice?["message"]?["content"]?.stringValue == String("abcdefghijklmnop".prefix(limit * 4)))
        #expect(choice?["finish_reason"] == "length")
        #expect(try answer(request.with(name, 4))["choices"]?[0]?["finish_reason"] == "stop")
    }

    @Test(
        arguments: [
            ("cd", "ab"), (["x", "ef", "cde"], "ab"), ("ab", ""), ("zz", "abcdef"), ([], "abcdef"),
        ] as [(JSONValue, String)])
    func `stop sequences end an answer before them`(stop: JSONValue, expected: String) throws {
        let choice = try answer(body("gpt-4.1-mini", "sandbox:echo abcdef", ["stop": stop]))["choices"]?[0]
        #expect(choice?["message"]?["content"] == .string(expected))
        #expect(choice?["finish_reason"] == "stop")
    }

    @Test func `the filter ends an answer`() throws {
        for model in ["o4-mini", "gpt-4.1-mini"] {
            let choice = try answer(body(model, "Please sandbox:content-filter this"))["choices"]?[0]
            #expect(choice?["finish_reason"] == "content_filter")
        }
    }

    @Test func `an answer of so many tokens can be asked for`() throws {
        let answer = try answer(body("gpt-4.1-mini", "sandbox:tokens=250"))
        #expect(answer["usage"]?["completion_tokens"] == 250)
    }

    @Test func `many long choices share a limit`() throws {
        let usage = try answer(body("o4-mini", "sandbox:tokens=100000", ["n": 100]))["usage"]
        #expect(usage?["completion_tokens"]?.intValue == SimulatedAnswer.totalLimit)
    }

    // MARK: Log probabilities

    @Test func `log probabilities name every piece`() throws {
        let request = body("gpt-4.1-mini", "sandbox:echo Grüße, Welt!", ["logprobs": true, "top_logprobs": 2])
        let entries = try #require(try answer(request)["choices"]?[0]?["logprobs"]?["content"]?.arrayValue)
        #expect(entries.compactMap { $0["token"]?.stringValue }.joined() == "Grüße, Welt!")
        for entry in entries {
            let bytes = try #require(entry["bytes"]?.arrayValue).compactMap {
                $0.intValue.flatMap(UInt8.init(exactly:))
            }
            #expect(String(decoding: bytes, as: UTF8.self) == entry["token"]?.stringValue)
            #expect(entry["top_logprobs"]?.arrayValue?.count == 2)
            #expect(entry["top_logprobs"]?[0]?["token"] == entry["token"])
            #expect(try #require(entry["logprob"]?.doubleValue) <= 0)
        }
        #expect(
            try answer(request.with("logprobs", false).with("top_logprobs", nil))["choices"]?[0]?["logprobs"] == nil)
    }

    // MARK: Pieces

    @Test(arguments: [
        "", "abc", "abcd", "abcdefghi", "ééééé", "👩‍👩‍👧‍👦👩‍👩‍👧‍👦x", "a\r\nb\r\nc\r\n", "e\u{301}e\u{301}e\u{301}e\u{301}",
        "日本語テキスト", "🇩🇪🇫🇷🇯🇵",
    ])
    func `pieces are whole characters, and prefixes too`(text: String) {
        let pieces = TextPieces.of(text)
        #expect(pieces.joined() == text)
        #expect(pieces.map(\.count).reduce(0, +) == text.count)
        #expect(pieces.allSatisfy { !$0.isEmpty })
        for tokens in 0...text.utf8.count {
            let prefix = TextPieces.prefix(of: text, tokens: tokens)
            #expect(text.hasPrefix(prefix) && TokenEstimate.text(prefix) <= tokens)
            #expect(Array(text).starts(with: Array(prefix)))
            let next = text.dropFirst(prefix.count).first.map { prefix.utf8.count + $0.utf8.count }
            #expect(next.map { $0 > tokens * 4 } ?? true)
        }
    }

    // MARK: Images

    static let images: [(bytes: [UInt8], name: String)] = [
        (
            [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13] + Array("IHDR".utf8) + [
                0, 0, 2, 0x80, 0, 0, 1, 0xe0,
            ], "PNG of 640 × 480"
        ),
        (Array("GIF89a".utf8) + [0x40, 0x01, 0xc8, 0x00], "GIF of 320 × 200"),
        (
            [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc2, 0, 17, 8, 0x04, 0x38, 0x07, 0x80, 3],
            "JPEG of 1920 × 1080"
        ),
        (
            Array("RIFF\0\0\0\0WEBPVP8 ".utf8) + [0, 0, 0, 0, 0, 0, 0, 0x9d, 0x01, 0x2a, 0x10, 0x00, 0x20, 0x00],
            "WebP of 16 × 32"
        ),
        (
            Array("RIFF\0\0\0\0WEBPVP8L".utf8) + [0, 0, 0, 0, 0x2f, 0x0f, 0xc0, 0x07, 0x00, 0, 0, 0, 0, 0],
            "WebP of 16 × 32"
        ),
        (Array("RIFF\0\0\0\0WEBPVP8X".utf8) + [10, 0, 0, 0, 0, 0, 0, 0, 0x0f, 0, 0, 0x1f, 0, 0], "WebP of 16 × 32"),
    ]

    @Test(arguments: images.indices)
    func `an image is named by what it is`(index: Int) throws {
        let image = Self.images[index]
        let uri = "data:image/png;base64," + Data(image.bytes).base64EncodedString()
        let text = try content(body().with("messages", Self.messages(uri)))
        #expect(text.contains("a \(image.name) pixels") && text.contains("What is this?"))
        for length in 0..<image.bytes.count { _ = ImageFacts(Array(image.bytes[..<length])) }
    }

    @Test func `an image elsewhere is named by its address`() throws {
        #expect(
            try content(body().with("messages", Self.messages("https://x.example/cat.png"))).contains(
                "https://x.example/cat.png"))
    }

    @Test(arguments: [
        (ImagePart(source: .url("https://x"), detail: .low), 85), (ImagePart(source: .url("https://x")), 765),
        (ImagePart(source: .data(ImageFacts([0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0, 2, 0, 2])!)), 255),
        (ImagePart(source: .data(ImageFacts([0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0, 4, 0, 4])!)), 765),
        (ImagePart(source: .data(ImageFacts([0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0, 0, 0, 0])!)), 255),
    ])
    func `an image counts by its size and detail`(image: ImagePart, tokens: Int) {
        #expect(TokenEstimate.image(image) == tokens)
    }

    static func messages(_ url: String) -> JSONValue {
        [
            [
                "role": "user",
                "content": [
                    ["type": "text", "text": "What is this?"],
                    ["type": "image_url", "image_url": ["url": .string(url)]],
                ],
            ]
        ]
    }
}
