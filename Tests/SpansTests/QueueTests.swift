import Telemetry
import Testing

@testable import Spans

@Suite("Span queue")
struct QueueTests {
    func queue(_ change: (inout ExporterBounds) -> Void = { _ in }) -> SpanQueue {
        var bounds = ExporterBounds()
        bounds.batchSpans = 3
        change(&bounds)
        return SpanQueue(bounds: bounds)
    }

    let a = destination("http://a/")
    let b = destination("http://b/")

    func names(_ batches: [SpanQueue.Batch]) -> [String] {
        batches.map { $0.destination.host + ":" + $0.spans.map(\.name).joined() }
    }

    @Test func `only whole batches go, unless all are to`() {
        var queue = queue()
        let whole = ["1", "2", "3"].map { queue.add(span($0), to: a) }
        #expect(whole == [false, false, true])
        _ = queue.add(span("x"), to: b)
        #expect(names(queue.due(all: false)) == ["a:123"])
        #expect(names(queue.due(all: true)) == ["b:x"])
        _ = queue.add(span("4"), to: a)
        queue.ended(a)
        #expect(names(queue.due(all: false)) == [])
        #expect(names(queue.due(all: true)) == ["a:4"])
        #expect(!queue.isEmpty)
        queue.ended(a)
        queue.ended(b)
        #expect(queue.isEmpty)
        #expect(queue.takeDropped() == 0)
    }

    @Test func `a destination has one request at a time`() {
        var queue = queue()
        for name in ["1", "2", "3", "4", "5", "6"] { _ = queue.add(span(name), to: a) }
        #expect(names(queue.due(all: true)) == ["a:123"])
        #expect(names(queue.due(all: true)) == [])
        queue.ended(a)
        #expect(names(queue.due(all: false)) == ["a:456"])
    }

    @Test func `all means all, however many requests that takes`() {
        var queue = queue()
        for name in ["1", "2", "3", "4"] { _ = queue.add(span(name), to: a) }
        #expect(names(queue.due(all: true)) == ["a:123"])
        queue.ended(a)
        #expect(names(queue.due(all: false)) == ["a:4"])
    }

    @Test func `what was to be sent while a request was on its way goes right after it`() {
        var queue = queue()
        _ = queue.add(span("1"), to: a)
        #expect(names(queue.due(all: true)) == ["a:1"])
        _ = queue.add(span("2"), to: a)
        #expect(names(queue.due(all: true)) == [])
        queue.ended(a)
        #expect(names(queue.due(all: false)) == ["a:2"])
        queue.ended(a)
        _ = queue.add(span("3"), to: a)
        #expect(names(queue.due(all: false)) == [])
    }

    @Test func `when there are too many the oldest of the longest queue goes`() {
        var queue = queue { $0.queuedSpans = 4 }
        for name in ["1", "2", "3"] { _ = queue.add(span(name), to: a) }
        for name in ["x", "y"] { _ = queue.add(span(name), to: b) }
        #expect(names(queue.due(all: true)) == ["a:23", "b:xy"])
        #expect(queue.takeDropped() == 1)
        #expect(queue.takeDropped() == 0)
    }

    @Test func `when they are too large too`() {
        let large = String(repeating: "x", count: 1_000)
        var queue = queue { $0.queuedBytes = 3_000 }
        for name in ["1", "2", "3", "4"] { _ = queue.add(span(name, text: large), to: a) }
        #expect(names(queue.due(all: true)) == ["a:34"])
        _ = queue.add(span("5", text: large + large + large), to: b)
        #expect(queue.takeDropped() == 3)
        queue.ended(a)
        #expect(queue.isEmpty)
    }

    @Test func `a batch has a bound in bytes, and a larger span goes alone`() {
        let large = String(repeating: "x", count: 1_000)
        var queue = queue { $0.batchBytes = 3_000 }
        _ = queue.add(span("1", text: large + large + large + large), to: a)
        for name in ["2", "3", "4"] { _ = queue.add(span(name, text: large), to: a) }
        var sent: [String] = []
        while case let batches = queue.due(all: true), !batches.isEmpty {
            sent += names(batches)
            queue.ended(a)
        }
        #expect(sent == ["a:1", "a:23", "a:4"])
    }

    @Test func `destinations take turns for the requests there may be`() {
        var queue = queue { $0.concurrentRequests = 2 }
        let all = (0..<5).map { destination("http://h\($0)/") }
        var served: [String] = []
        for _ in 0..<4 { for one in all { _ = queue.add(span("s"), to: one) } }
        for _ in 0..<5 {
            let batches = queue.due(all: true)
            #expect(batches.count == 2)
            #expect(queue.isAtLimit)
            served += batches.map(\.destination.host)
            for batch in batches { queue.ended(batch.destination) }
        }
        for one in all { #expect(served.count { $0 == one.host } == 2, "\(served)") }
    }

    @Test func `secrets tell destinations apart`() {
        let first = OTLPDestination(url: "http://a/", headers: [], authorization: .init("1"), contentType: .json)
        let second = OTLPDestination(url: "http://a/", headers: [], authorization: .init("2"), contentType: .json)
        var queue = queue()
        _ = queue.add(span("1"), to: first)
        _ = queue.add(span("2"), to: second)
        #expect(queue.due(all: true).count == 2)
    }

    @Test func `what is let go at the end is counted`() {
        var queue = queue()
        for name in ["1", "2"] { _ = queue.add(span(name), to: a) }
        _ = queue.add(span("3"), to: b)
        _ = queue.due(all: true)
        _ = queue.add(span("4"), to: a)
        queue.dropAll()
        #expect(queue.takeDropped() == 1)
        #expect(!queue.isEmpty)
        queue.ended(a)
        queue.ended(b)
        #expect(queue.isEmpty)
    }

    @Test func `destinations that come and go leave nothing behind`() {
        var queue = queue { $0.queuedSpans = 50 }
        for round in 0..<500 {
            _ = queue.add(span("\(round)"), to: destination("http://h\(round % 97)/"))
            if round.isMultiple(of: 7) { for batch in queue.due(all: true) { queue.ended(batch.destination) } }
        }
        while case let batches = queue.due(all: true), !batches.isEmpty {
            for batch in batches { queue.ended(batch.destination) }
        }
        #expect(queue.isEmpty)
        #expect(queue.destinations == 0)
    }
}
