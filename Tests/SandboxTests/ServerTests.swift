import EventLoop
import Foundation
import HTTPClient
import HTTPCore
import JSON
import Testing

@testable import Sandbox

@Suite("Sandbox server", .timeLimit(.minutes(1)))
struct ServerTests {
    static let plain = body("gpt-4.1-mini", "sandbox:echo Grüße an alle, die dies lesen – danke!")
    static let wide = "Grüße an alle, die dies lesen – danke!"

    @Test func `an answer comes whole, and streamed the same`() async throws {
        try await withSandbox { client in
            let whole = try await client.chat(Self.plain)
            #expect(whole.status == 200)
            #expect(whole.headers.first("content-type") == "application/json")
            let tree = try JSONValue(parsing: whole.bytes)
            #expect(tree["choices"]?[0]?["message"]?["content"] == .string(Self.wide))
            #expect(tree["created"] == 1_776_947_082)
            let streamed = try await client.chat(Self.plain.streamed)
            #expect(streamed.headers.first("content-type")?.hasPrefix("text/event-stream") == true)
            let stream = try StreamGrammar(streamed.text, wantsUsage: true)
            #expect(stream.choices[0]?.content == Self.wide)
            #expect(stream.usage == tree["usage"])
        }
    }

    @Test func `a long stream arrives whole`() async throws {
        try await withSandbox { client in
            let answer = try await client.chat(body("gpt-4.1-mini", "sandbox:tokens=3000").streamed)
            let stream = try StreamGrammar(answer.text, wantsUsage: true)
            #expect(stream.choices[0]?.content?.utf8.count == 12_000)
            #expect(stream.usage?["completion_tokens"] == 3000)
        }
    }

    @Test func `a pace is kept and changes nothing else`() async throws {
        try await withSandbox { client in
            let fast = try await client.chat(Self.plain.streamed)
            let slow = try await client.chat(Self.plain.streamed, [("x-sandbox-tokens-per-second", "500")])
            #expect(slow.bytes == fast.bytes)
            #expect(slow.pieces.count > fast.pieces.count)
        }
    }

    @Test func `models are listed and found`() async throws {
        try await withSandbox { client in
            let list = try JSONValue(parsing: try await client.send(.get, "/v1/models").bytes)
            let names = list["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue }
            #expect(
                names?.prefix(5) == ["o4-mini", "o3-mini", "gpt-4.1-mini", "gpt-5.4-mini", "text-embedding-3-small"])
            let one = try JSONValue(parsing: try await client.send(.get, "/v1/models/o3-mini").bytes)
            #expect(one["id"] == "o3-mini")
            let none = try await client.send(.get, "/v1/models/o9")
            #expect(none.status == 404)
        }
    }

    @Test(arguments: [
        (RequestTemplate.Method.post, "/v1/chat/completions", 404), (.get, "/v1/chat/completions", 405),
        (.post, "/v1/models", 405), (.get, "/nowhere", 404),
    ])
    func `what the vendor does not know it refuses`(
        method: RequestTemplate.Method, path: String, status: Int
    ) async throws {
        try await withSandbox { client in
            let answer = try await client.send(method, path, method == .post ? body("gpt-0") : nil)
            #expect(answer.status == status)
            let error = try JSONValue(parsing: answer.bytes)["error"]
            #expect(error?["type"] == "invalid_request_error")
            #expect(error?["message"]?.stringValue?.isEmpty == false)
        }
    }

    // MARK: Faults

    @Test(arguments: [
        (400, "invalid_request_error"), (401, "invalid_request_error"), (429, "requests"), (500, "server_error"),
        (503, "service_unavailable"),
    ])
    func `a status can be asked for`(status: Int, type: String) async throws {
        try await withSandbox { client in
            let answer = try await client.chat(
                Self.plain.streamed, [("x-sandbox-status", "\(status)"), ("x-sandbox-retry-after", "7")])
            #expect(answer.status == status)
            #expect(answer.headers.first("retry-after") == "7")
            #expect(try JSONValue(parsing: answer.bytes)["error"]?["type"] == .string(type))
        }
    }

    @Test func `latency delays the answer`() async throws {
        try await withSandbox { client in
            await #expect(throws: HTTPClientError.timedOut(.firstByte)) {
                try await client.send(
                    .post, "/v1/chat/completions", Self.plain, [("x-sandbox-latency", "60000")],
                    deadlines: RequestDeadlines(firstByteMilliseconds: 100))
            }
            let late = try await client.chat(Self.plain, [("x-sandbox-latency", "5")])
            #expect(late.status == 200)
        }
    }

    @Test func `a hang never answers, and ends when the client leaves`() async throws {
        try await withSandbox { client in
            await #expect(throws: HTTPClientError.timedOut(.firstByte)) {
                try await client.send(
                    .post, "/v1/chat/completions", Self.plain, [("x-sandbox-fault", "hang")],
                    deadlines: RequestDeadlines(firstByteMilliseconds: 100))
            }
        }
    }

    @Test(arguments: [true, false], [0, 1, 57, 200])
    func `a reset comes after exactly so many bytes`(isStreamed: Bool, count: Int) async throws {
        try await withSandbox { client in
            let request = isStreamed ? Self.plain.streamed : Self.plain
            let whole = try await client.chat(request)
            let answer = try await client.chat(request, fault: "reset-after=\(count)")
            #expect(answer.status == 200)
            #expect(answer.bytes == Array(whole.bytes.prefix(count)))
            #expect(answer.error != nil)
        }
    }

    @Test(arguments: [true, false])
    func `a multi-byte character arrives in two pieces`(isStreamed: Bool) async throws {
        try await withSandbox { client in
            let request = isStreamed ? Self.plain.streamed : Self.plain
            let answer = try await client.chat(request, fault: "split-utf8")
            #expect(answer.pieces.contains { $0.last.map { $0 >= 0xc0 } ?? false })
            let whole = try await client.chat(request)
            #expect(answer.bytes == whole.bytes)
        }
    }

    @Test func `malformed JSON is half a body, or one broken frame`() async throws {
        try await withSandbox { client in
            let whole = try await client.chat(Self.plain, fault: "malformed-json")
            #expect(whole.status == 200 && whole.error == nil)
            #expect(throws: JSONError.self) { try JSONValue(parsing: whole.bytes) }
            let stream = try await client.chat(Self.plain.streamed, fault: "malformed-json=2")
            let frames = stream.text.components(separatedBy: "\n\n").dropLast()
            let bad = frames.enumerated().filter { $1 != "data: [DONE]" && (try? json(String($1.dropFirst(6)))) == nil }
            #expect(bad.map(\.offset) == [2])
            #expect(frames.last == "data: [DONE]")
        }
    }

    @Test func `an early close ends properly without the end of the stream`() async throws {
        try await withSandbox { client in
            let answer = try await client.chat(Self.plain.streamed, fault: "close-early=3")
            #expect(answer.error == nil)
            #expect(answer.text.components(separatedBy: "\n\n").count == 4)
            let short = try await client.chat(Self.plain.streamed, fault: "close-early=1000")
            #expect(!short.text.contains("[DONE]") && !short.text.contains("\"stop\""))
        }
    }

    @Test(arguments: [true, false])
    func `a stall stops and keeps the connection`(isStreamed: Bool) async throws {
        try await withSandbox { client in
            let request = isStreamed ? Self.plain.streamed : Self.plain
            let answer = try await client.send(
                .post, "/v1/chat/completions", request, [("x-sandbox-fault", "stall=2")],
                deadlines: RequestDeadlines(idleMilliseconds: 100))
            #expect(answer.error == .timedOut(.idle))
            #expect(isStreamed ? answer.text.components(separatedBy: "\n\n").count == 3 : !answer.bytes.isEmpty)
        }
    }

    @Test func `usage can be kept back`() async throws {
        try await withSandbox { client in
            for request in [Self.plain, Self.plain.streamed] {
                let answer = try await client.chat(request, fault: "no-usage")
                #expect(answer.status == 200 && !answer.text.contains("usage"))
            }
        }
    }

    @Test func `garbage is a page`() async throws {
        try await withSandbox { client in
            let answer = try await client.chat(Self.plain, fault: "garbage")
            #expect(answer.status == 200 && answer.headers.first("content-type")?.hasPrefix("text/html") == true)
            #expect(answer.text.hasPrefix("<!DOCTYPE html>"))
        }
    }

    @Test func `faults combine`() async throws {
        try await withSandbox { client in
            let answer = try await client.chat(Self.plain.streamed, fault: "no-usage, split-utf8,reset-after=700")
            #expect(answer.bytes.count == 700 && answer.error != nil && !answer.text.contains("usage"))
            let error = try await client.chat(Self.plain, fault: "reset-after=20", [("x-sandbox-status", "500")])
            #expect(error.status == 500 && error.bytes.count == 20 && error.error != nil)
        }
    }

    @Test(arguments: ["nonsense", "reset-after", "reset-after=-1", "hang=3", "stall=x"])
    func `an unknown fault is refused with the known ones`(fault: String) async throws {
        try await withSandbox { client in
            let answer = try await client.chat(Self.plain, fault: fault)
            #expect(answer.status == 400)
            #expect(answer.text.contains("split-utf8") && answer.text.contains("close-early"))
        }
    }

    @Test func `a sandbox may ignore the header fields and misbehave by setting`() async throws {
        var configuration = SandboxConfiguration()
        configuration.faultHeadersAllowed = false
        configuration.faults.omitsUsage = true
        try await withSandbox(configuration) { client in
            let answer = try await client.chat(Self.plain, fault: "garbage")
            #expect(answer.text.hasPrefix("{\"id\"") && !answer.text.contains("usage"))
        }
    }
}
