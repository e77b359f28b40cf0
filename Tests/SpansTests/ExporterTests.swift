import HTTPCore
import HTTPServer
import Telemetry
import Testing

@testable import Spans

@Suite("Span exporter", .timeLimit(.minutes(1)))
struct ExporterTests {
    @Test func `what waits is sent each second in one request`() async throws {
        let clock = ManualClock()
        let collector = Collector()
        try await withExporter(collector, clock: clock) { exporter, url, _ in
            exporter.submit(span("a"), to: [destination(url)])
            exporter.submit(span("b"), to: [destination(url)])
            await clock.waitForSleepers(1)
            clock.advance(1_000)
            let received = try #require(await collector.next())
            #expect(received.names == ["a", "b"])
            #expect(received.path == "/v1/traces")
            #expect(received.headers["content-type"] == "application/json")
            #expect(received.headers["authorization"] == nil)
            exporter.submit(span("c"), to: [destination(url)])
            await clock.waitForSleepers(1)
            clock.advance(1_000)
            #expect(await collector.next()?.names == ["c"])
        }
    }

    @Test func `a whole batch does not wait`() async throws {
        var bounds = ExporterBounds()
        bounds.batchSpans = 3
        let collector = Collector()
        try await withExporter(collector, bounds: bounds) { exporter, url, _ in
            for name in ["a", "b", "c", "d"] { exporter.submit(span(name), to: [destination(url)]) }
            #expect(await collector.next()?.names.prefix(3) == ["a", "b", "c"])
        }
    }

    @Test func `each destination gets its header fields, its form and its own copy`() async throws {
        let collector = Collector()
        try await withExporter(collector) { exporter, url, running in
            let keyed = OTLPDestination(
                url: url + "?x=1", headers: [.init(name: "X-Team", value: Secret("blue"))],
                authorization: Secret("Bearer abc"), contentType: .protobuf)
            exporter.submit(span("a"), to: [destination(url), keyed])
            exporter.shutdown(withinMilliseconds: 1_000)
            await running.value
            let both = [await collector.next(), await collector.next()].compactMap { $0 }
            let plain = try #require(both.first { $0.headers["content-type"] == "application/json" })
            #expect(plain.names == ["a"])
            let binary = try #require(both.first { $0.headers["content-type"] == "application/x-protobuf" })
            #expect(binary.headers["x-team"] == "blue")
            #expect(binary.headers["authorization"] == "Bearer abc")
            #expect(binary.body == SpanBatch(service: "aigateway", version: "1", spans: [span("a")]).protobuf())
        }
    }

    @Test func `what may pass is sent again, later each time and as the destination asks`() async throws {
        let clock = ManualClock()
        let log = LogCollector()
        let collector = Collector([
            HTTPResponse(status: 503), HTTPResponse(status: 429, headers: ["Retry-After": "7"]),
            HTTPResponse(status: 502), HTTPResponse(status: 200),
        ])
        try await withExporter(collector, clock: clock, log: log) { exporter, url, running in
            exporter.submit(span("a"), to: [destination(url)])
            await clock.waitForSleepers(1)
            clock.advance(1_000)
            for pause in [1_000, 7_000, 4_000] as [UInt64] {
                #expect(await collector.next()?.names == ["a"])
                await clock.waitForSleepers(2)
                #expect(clock.remaining.contains(pause), "\(clock.remaining)")
                clock.advance(pause)
            }
            #expect(await collector.next()?.names == ["a"])
            exporter.shutdown(withinMilliseconds: 100_000)
            await running.value
            #expect(log.lines.isEmpty)
        }
    }

    @Test(arguments: [(401, 1), (413, 1), (503, 3)])
    func `what is not taken is let go and told in the log`(status: Int, requests: Int) async throws {
        var bounds = ExporterBounds()
        bounds.retries = 2
        bounds.backoffMilliseconds = 0
        let log = LogCollector()
        let collector = Collector(Array(repeating: HTTPResponse(status: status), count: requests))
        try await withExporter(collector, bounds: bounds, log: log) { exporter, url, running in
            exporter.submit(span("a"), to: [destination(url)])
            exporter.submit(span("b"), to: [destination(url)])
            exporter.shutdown(withinMilliseconds: 100_000)
            await running.value
            for _ in 0..<requests { #expect(await collector.next()?.names == ["a", "b"]) }
            let line = try #require(log.lines.first)
            #expect(line.contains("spans were not exported dropped=0 failed=2 last_host=127.0.0.1:"))
            #expect(line.contains("last_reason=\"status \(status)\""))
            #expect(!line.contains("/v1/traces"))
        }
    }

    @Test func `losses are told once a minute`() async throws {
        let clock = ManualClock()
        let log = LogCollector()
        var bounds = ExporterBounds()
        bounds.queuedSpans = 2
        let collector = Collector()
        try await withExporter(collector, bounds: bounds, clock: clock, log: log) { exporter, url, running in
            for name in ["a", "b", "c", "d", "e"] { exporter.submit(span(name), to: [destination(url)]) }
            for second in 1...60 {
                await clock.waitForSleepers(1)
                #expect(log.lines.isEmpty, "after \(second - 1) s")
                clock.advance(1_000)
            }
            await clock.waitForSleepers(1)
            #expect(log.lines.count == 1)
            #expect(log.lines.first?.contains("dropped=3 failed=0") == true)
            #expect(await collector.next()?.names == ["d", "e"])
            exporter.shutdown(withinMilliseconds: 100_000)
            await running.value
            #expect(log.lines.count == 1)
        }
    }

    @Test func `a destination that is silent does not hold up the others`() async throws {
        let silent = Collector(isSilent: true)
        let clock = ManualClock()
        try await withExporter(silent) { _, silentURL, _ in
            let collector = Collector()
            try await withExporter(collector, clock: clock) { exporter, url, _ in
                exporter.submit(span("a"), to: [destination(silentURL)])
                exporter.submit(span("a"), to: [destination(url)])
                await clock.waitForSleepers(1)
                clock.advance(1_000)
                #expect(await silent.next() != nil)
                #expect(await collector.next()?.names == ["a"])
                exporter.submit(span("b"), to: [destination(silentURL), destination(url)])
                await clock.waitForSleepers(1)
                clock.advance(1_000)
                #expect(await collector.next()?.names == ["b"])
            }
        }
    }

    @Test func `a shutdown waits no longer than it is told, and counts what is left`() async throws {
        let clock = ManualClock()
        let log = LogCollector()
        let silent = Collector(isSilent: true)
        try await withExporter(silent, clock: clock, log: log) { exporter, url, running in
            exporter.submit(span("a"), to: [destination(url)])
            exporter.shutdown(withinMilliseconds: 5_000)
            #expect(await silent.next() != nil)
            exporter.submit(span("b"), to: [destination(url)])
            await clock.waitForSleepers(2)
            clock.advance(5_000)
            await running.value
            #expect(log.lines.first?.contains("dropped=1 failed=1") == true)
            #expect(log.lines.first?.contains("last_reason=\"shut down\"") == true)
            exporter.submit(span("c"), to: [destination(url)])
        }
    }

    @Test func `a request that takes too long is given up`() async throws {
        var bounds = ExporterBounds()
        bounds.timeoutMilliseconds = 50
        bounds.retries = 0
        let log = LogCollector()
        let silent = Collector(isSilent: true)
        try await withExporter(silent, bounds: bounds, log: log) { exporter, url, running in
            exporter.submit(span("a"), to: [destination(url)])
            exporter.shutdown(withinMilliseconds: 100_000)
            await running.value
            #expect(log.lines.first?.contains("failed=1") == true)
            #expect(log.lines.first?.contains("last_reason=timeout") == true)
        }
    }

    @Test func `a cancelled task ends at once`() async throws {
        let silent = Collector(isSilent: true)
        try await withExporter(silent) { exporter, url, running in
            exporter.submit(span("a"), to: [destination(url)])
            exporter.shutdown(withinMilliseconds: 100_000)
            #expect(await silent.next() != nil)
            running.cancel()
            await running.value
        }
    }

    @Test func `nobody to send to is nobody to wait for`() async throws {
        try await withExporter(Collector()) { exporter, url, running in
            exporter.submit(span("a"), to: [])
            exporter.shutdown(withinMilliseconds: 100_000)
            await running.value
        }
    }
}
