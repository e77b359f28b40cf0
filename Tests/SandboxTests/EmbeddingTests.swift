import Foundation
import HTTPClient
import JSON
import Testing

@testable import Sandbox

@Suite("Sandbox embeddings")
struct EmbeddingTests {
    static let small: JSONValue = ["model": "text-embedding-3-small", "input": "The cat sat on the mat."]

    private func answer(_ body: JSONValue) throws -> JSONValue {
        let request = try EmbeddingReading(models: SandboxModel.builtIn).read(body.serialized())
        return try JSONValue(parsing: EmbeddingWire(request: request).body())
    }

    private func vector(_ body: JSONValue, at index: Int = 0) throws -> [Double] {
        let numbers = try #require(try answer(body)["data"]?[index]?["embedding"]?.arrayValue)
        return numbers.compactMap(\.doubleValue)
    }

    private func vector(_ text: String, model: String = "text-embedding-3-small") throws -> [Double] {
        try vector(["model": .string(model), "input": .string(text)])
    }

    private func product(_ left: [Double], _ right: [Double]) -> Double {
        zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }

    @Test func `the answer has the vendor's form`() throws {
        let answer = try answer(Self.small.with("input", ["one two", "three", "one two"]))
        #expect(answer["object"] == "list" && answer["model"] == "text-embedding-3-small")
        #expect(answer["data"]?.arrayValue?.map { $0["index"] } == [0, 1, 2])
        #expect(answer["data"]?.arrayValue?.allSatisfy { $0["object"] == "embedding" } == true)
        #expect(answer["usage"] == ["prompt_tokens": 6, "total_tokens": 6])
        #expect(answer["data"]?[0]?["embedding"] == answer["data"]?[2]?["embedding"])
        #expect(answer["data"]?[0]?["embedding"] != answer["data"]?[1]?["embedding"])
    }

    @Test(arguments: [
        ("text-embedding-3-small", 1536), ("text-embedding-3-large", 3072), ("text-embedding-ada-002", 1536),
        ("@cf/baai/bge-base-en-v1.5", 768), ("@cf/baai/bge-m3", 1024),
    ])
    func `a vector has its model's dimensions and length 1`(model: String, count: Int) throws {
        for text in ["The cat sat on the mat.", "the", "…", "日本語のテキスト", String(repeating: "word ", count: 300)] {
            let vector = try vector(text, model: model)
            #expect(vector.count == count)
            #expect(abs(product(vector, vector) - 1) < 1e-5)
        }
    }

    @Test func `similar texts are nearer than different ones`() throws {
        let cat = try vector("The cat sat on the mat.")
        let alike = try vector("On a mat sits a cat, they say.")
        let other = try vector("Quarterly earnings rose by nine percent.")
        #expect(product(cat, alike) > 0.4)
        #expect(abs(product(cat, other)) < 0.15)
        #expect(abs(product(cat, try vector("THE CAT SAT ON THE MAT")) - 1) < 1e-6)
        #expect(abs(product(try vector("city trip"), try vector("Trips to cities")) - 1) < 1e-6)
    }

    @Test(arguments: [1, 8, 100, 1536])
    func `fewer dimensions are the beginning of all, at length 1`(count: Int) throws {
        let all = try vector(Self.small)
        let short = try vector(Self.small.with("dimensions", .int(count)))
        #expect(short.count == count)
        let length = product(Array(all.prefix(count)), Array(all.prefix(count))).squareRoot()
        for (number, whole) in zip(short, all) { #expect(abs(number - whole / length) < 1e-5) }
    }

    @Test func `base64 is the same numbers as 32-bit floats, the lowest byte first`() throws {
        let floats = try vector(Self.small)
        let text = try answer(Self.small.with("encoding_format", "base64"))["data"]?[0]?["embedding"]?.stringValue
        let bytes = try #require(text.flatMap { Data(base64Encoded: $0) })
        #expect(bytes.count == floats.count * 4)
        for (index, number) in floats.enumerated() {
            let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[index * 4 + $1]) << (8 * $1) }
            #expect(Float(bitPattern: bits) == Float(number))
        }
    }

    @Test(arguments: [0, 1, 2, 3, 4, 5, 31])
    func `base64 of any length is the standard's`(count: Int) {
        let bytes = (0..<count).map { UInt8($0 * 37 & 255) }
        #expect(text(Base64.encode(bytes)) == Data(bytes).base64EncodedString())
        #expect(Base64.decode(Base64.encode(bytes), limit: 100) == bytes)
    }

    @Test func `tokens are taken as one input or several`() throws {
        let one = try answer(Self.small.with("input", [1, 2, 3]))
        #expect(one["data"]?.arrayValue?.count == 1 && one["usage"]?["prompt_tokens"] == 3)
        let several = try answer(Self.small.with("input", [[1, 2, 3], [9]]))
        #expect(several["data"]?.arrayValue?.count == 2 && several["usage"]?["prompt_tokens"] == 4)
        #expect(several["data"]?[0]?["embedding"] == one["data"]?[0]?["embedding"])
    }

    @Test(arguments: [
        (#"{"input":"x"}"#, 400, "model"), (#"{"model":"nobody","input":"x"}"#, 404, "does not exist"),
        (#"{"model":"gpt-4.1-mini","input":"x"}"#, 403, "embeddings"),
        (#"{"model":"text-embedding-3-small"}"#, 400, "'input'"),
        (#"{"model":"text-embedding-3-small","input":""}"#, 400, "'input'"),
        (#"{"model":"text-embedding-3-small","input":[]}"#, 400, "'input'"),
        (#"{"model":"text-embedding-3-small","input":["x",""]}"#, 400, "'input'"),
        (#"{"model":"text-embedding-3-small","input":[["x"]]}"#, 400, "'input'"),
        (#"{"model":"text-embedding-3-small","input":[[-1]]}"#, 400, "'input'"),
        (#"{"model":"text-embedding-3-small","input":{"a":1}}"#, 400, "'input'"),
        (#"{"model":"text-embedding-3-small","input":"x","dimensions":1537}"#, 400, "dimensions"),
        (#"{"model":"text-embedding-3-small","input":"x","dimensions":0}"#, 400, "dimensions"),
        (#"{"model":"text-embedding-ada-002","input":"x","dimensions":8}"#, 400, "dimensions"),
        (#"{"model":"text-embedding-3-small","input":"x","encoding_format":"hex"}"#, 400, "hex"), ("[]", 400, "object"),
    ])
    func `what the vendor refuses is refused`(body: String, status: Int, contains: String) {
        let error = #expect(throws: VendorError.self) {
            _ = try EmbeddingReading(models: SandboxModel.builtIn).read(Array(body.utf8))
        }
        #expect(error?.status == status)
        #expect(error?.message.contains(contains) == true)
    }

    @Test func `inputs have limits`() {
        let long = Self.small.with("input", .string(String(repeating: "word ", count: 7_000)))
        #expect(throws: VendorError.self) { _ = try answer(long) }
        let many = Self.small.with("input", .array(Array(repeating: "x", count: 2_049)))
        #expect(throws: VendorError.self) { _ = try answer(many) }
        let text = JSONValue.string(String(repeating: "word ", count: 6_000))
        let heavy = Self.small.with("input", .array(Array(repeating: text, count: 50)))
        #expect(throws: VendorError.self) { _ = try answer(heavy) }
    }

    @Test func `the server answers, and a chat with such a model is refused`() async throws {
        try await withSandbox { client in
            for path in ["/v1/embeddings", "/embeddings", "/openai/v1/embeddings"] {
                let answer = try await client.send(.post, path, Self.small)
                #expect(answer.status == 200)
                #expect(try JSONValue(parsing: answer.bytes)["usage"]?["prompt_tokens"] == 6)
            }
            let silent = try await client.send(
                .post, "/v1/embeddings", Self.small, [("x-sandbox-fault", "no-usage")])
            #expect(silent.status == 200 && !silent.text.contains("usage"))
            let chat = try await client.chat(body("text-embedding-3-small"))
            #expect(chat.status == 404 && chat.text.contains("not a chat model"))
            let wrong = try await client.send(.get, "/v1/embeddings")
            #expect(wrong.status == 405)
        }
    }
}
