import Testing

@testable import Telemetry

@Suite("Standard error")
struct LogSinkTests {
    /// Longer than what a pipe takes in one piece, so that careless writing would tear it.
    static let longText = String(repeating: "x", count: 4_000)
    static let tasks = 4
    static let linesPerTask = 10

    @Test func `lines of many tasks come out whole`() async throws {
        let result = try #require(
            await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
                let logger = Logger(level: .info, format: .human)
                await withTaskGroup(of: Void.self) { group in
                    for task in 0..<LogSinkTests.tasks {
                        group.addTask {
                            for _ in 0..<LogSinkTests.linesPerTask {
                                let text = LogValue.string(LogSinkTests.longText)
                                logger.info("said", ["task": .int(task), "a": text, "b": text])
                            }
                        }
                    }
                }
            })
        let lines = String(decoding: result.standardErrorContent, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == Self.tasks * Self.linesPerTask)
        let end = " a=\(Self.longText) b=\(Self.longText)"
        #expect(lines.allSatisfy { $0.contains("Z info said task=") && $0.hasSuffix(end) })
    }
}
