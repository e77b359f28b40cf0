import AIGateway
import Foundation
import HTTPCore
import JSON
import Testing

@Suite("The guide's example", .timeLimit(.minutes(1)))
struct ExampleTests {
    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func `the guide shows the program that is built`() throws {
        let guide = try String(
            contentsOf: Self.repository.appending(path: "docs/guides/swift-client.md"), encoding: .utf8)
        let program = try String(
            contentsOf: Self.repository.appending(path: "Tests/SwiftClientExample/main.swift"), encoding: .utf8)
        #expect(guide.contains("```swift\n\(program)```\n"))
    }

    @Test func `the program runs`() async throws {
        try await withGateway(Self.answer) { origin, gateway in
            let output = try await Self.run(origin)
            #expect(output == "Hi, 日本語\no4-mini-2025-04-16\nEntropy grows.\n404 7003\n")
            #expect(
                gateway.requests.map { $0.headers.first("authorization") } == Array(repeating: "Bearer k", count: 4))
            #expect(gateway.requests[1].path == "/binding/ai-gateway/run?version=3")
        }
    }

    static let answer: @Sendable (SeenRequest) -> FakeAnswer = { request in
        if request.headers.first("cf-consn-model-id") == "openai/no-such-model" {
            return .json(#"{"errors":[{"code":7003,"message":"no such model"}]}"#, status: 404)
        }
        guard request.json?["inputs"]?["stream"]?.boolValue == true else { return .json(chatText) }
        return .events([
            #"{"choices":[{"delta":{"content":"Entropy "}}]}"#, #"{"choices":[{"delta":{"content":"grows."}}]}"#,
            "[DONE]",
        ])
    }

    /// The program lies beside the tests.
    static func run(_ origin: String) async throws -> String {
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let program = Process()
        program.executableURL = tests.deletingLastPathComponent().appending(path: "SwiftClientExample")
        program.environment = ["AIGATEWAY_BASE_URL": origin, "AIGATEWAY_API_KEY": "k"]
        let output = Pipe()
        program.standardOutput = output
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        try program.run()
                        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                        program.waitUntilExit()
                        #expect(program.terminationStatus == 0)
                        return text
                    })
            }
        }
    }
}
