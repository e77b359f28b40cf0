import Foundation
import OperatingSystem
import Testing

@testable import Telemetry

@Suite("Logger")
struct LoggerTests {
    let sink = LogCollector()

    private func logger(_ format: LogFormat, level: LogLevel = .debug) -> Logger {
        Logger(level: level, format: format, sink: sink, wallMicroseconds: { 1_795_220_785_123_999 })
    }

    @Test func `a human line reads from left to right`() {
        logger(.human).with(requestID: "req_1").warning(
            "upstream is slow",
            [
                "milliseconds": .int(900), "first": .bool(true), "ratio": .double(0.5),
                "host": .string("a.example:443"), "reason": .string("timed out"), "empty": .string(""),
                "key": .secret(Secret("sk-abc123")),
            ])
        #expect(
            sink.lines == [
                "2026-11-21T00:26:25.123Z warning upstream is slow request_id=req_1 milliseconds=900 first=true "
                    + "ratio=0.5 host=a.example:443 reason=\"timed out\" empty=\"\" key=[redacted]\n"
            ])
    }

    @Test func `a JSON line is one object`() {
        logger(.json).with(requestID: "req_1").info(
            "listening",
            [
                "address": .string("127.0.0.1:8080"), "threads": .int(2 as UInt8), "tls": .bool(false),
                "ratio": .double(1e-7), "odd": .double(.infinity), "key": .secret(Secret("sk-abc123")),
            ])
        #expect(
            sink.lines == [
                #"{"time":"2026-11-21T00:26:25.123Z","level":"info","message":"listening","request_id":"req_1","#
                    + #""address":"127.0.0.1:8080","threads":2,"tls":false,"ratio":1e-07,"odd":"inf","#
                    + #""key":"[redacted]"}"# + "\n"
            ])
    }

    @Test func `a field cannot stand for one of the logger's own`() {
        logger(.json).info("a", ["level": .string("error"), "request_id": .string("x")])
        #expect(sink.lines[0].hasSuffix(#""message":"a","level_":"error","request_id_":"x"}"# + "\n"))
    }

    static let hostile: [String] = [
        "a\n2026-11-21T00:00:00.000Z error forged", "a\r\nb", "\u{1b}[2J", "\u{9b}31m", "\u{85}", "\u{2028}x",
        "\u{202e}x", "\"} {\"level\":\"error\"", "\\", "\\\"", "a=b c=d", "\u{0}", "\u{7f}", "é ü 日本 👩‍👩‍👧", "\u{feff}",
        "tab\there",
    ]

    @Test(arguments: hostile) func `no text breaks out of its value`(text: String) throws {
        for format in LogFormat.allCases {
            let sink = LogCollector()
            let logger = Logger(level: .info, format: format, sink: sink)
            logger.with(requestID: text).info("said", ["text": .string(text)])
            let line = try #require(sink.lines.first)
            #expect(line.unicodeScalars.filter { $0.value < 0x20 || (0x7f..<0xa0).contains($0.value) } == ["\n"])
            #expect(line.unicodeScalars.allSatisfy { !(0x2028...0x202e).contains($0.value) })
            guard format == .json else { continue }
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
            #expect(object?["text"] == text)
            #expect(object?["request_id"] == text)
            #expect(object?.count == 5)
        }
    }

    @Test func `a value is cut when it is too long`() {
        logger(.human).info("said", ["text": .string(String(repeating: "x", count: 1_000_000))])
        #expect(sink.lines[0].utf8.count < LogText.maxValueBytes + 100)
        #expect(sink.lines[0].hasSuffix("xxx…\"\n"))
    }

    @Test(arguments: LogLevel.allCases) func `a logger writes its own level and those above`(level: LogLevel) {
        let logger = logger(.human, level: level)
        logger.debug("m")
        logger.info("m")
        logger.notice("m")
        logger.warning("m")
        logger.error("m")
        let written = sink.lines.map { $0.split(separator: " ")[1] }
        #expect(written == LogLevel.allCases.filter { $0 >= level }.map { Substring($0.rawValue) })
    }

    @Test func `the fields of an entry not written are never made`() {
        var made = 0
        func fields() -> LogFields {
            made += 1
            return [:]
        }
        logger(.human, level: .error).warning("m", fields())
        #expect(made == 0)
        logger(.human, level: .error).error("m", fields())
        #expect(made == 1)
    }

    @Test func `fields can be added one by one`() {
        var fields: LogFields = ["a": .int(1)]
        fields.append("b", .int(2))
        logger(.human).info("m", fields)
        #expect(sink.lines[0].hasSuffix("m a=1 b=2\n"))
    }

    @Test func `a collector keeps no more than it may`() {
        let sink = LogCollector(capacity: 2)
        for _ in 0..<5 { Logger(level: .info, format: .human, sink: sink).info("m") }
        #expect(sink.lines.count == 2)
    }
}
