import Testing

@testable import Metering

@Suite("Windows of a minute")
struct RateWindowTests {
    /// The same, by a list of everything that ever came.
    struct NaiveWindow {
        var events: [(second: Int64, count: Int64)] = []
        var second: Int64

        var total: Int64 { total(at: second) }

        func total(at later: Int64) -> Int64 {
            events.reduce(0) { $0 + ($1.second > later - 60 ? $1.count : 0) }
        }

        func wait(for wanted: Int64, limit: Int64) -> Int {
            (0...60).first { total(at: second + Int64($0)) + wanted <= limit } ?? 60
        }

        var secondsToNext: Int { total == 0 ? 0 : (1...60).first { total(at: second + Int64($0)) < total } ?? 60 }
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `a window counts what a list of everything counts`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let start = Int64(random.below(1_000)) - 500
        var window = RateWindow(at: start)
        var naive = NaiveWindow(second: start)
        for _ in 0..<500 {
            switch random.below(4) {
            case 0:
                let step = Int64([0, 1, 1, 2, 7, 30, 59, 60, 61, 500][random.below(10)])
                window.advance(to: naive.second + step)
                naive.second += step
                naive.events.removeAll { $0.second < naive.second - 120 }
            case 1 where !naive.events.isEmpty:
                let place = naive.events.count - 1 - random.below(min(12, naive.events.count))
                let used = Int64(random.below(60))
                let (second, counted) = naive.events[place]
                window.correct(from: counted, to: used, at: second)
                naive.events[place].count = used
            default:
                let count = Int64(random.below(40))
                let isCounted = window.add(count)
                #expect(isCounted)
                naive.events.append((naive.second, count))
            }
            let wanted = Int64(random.below(50))
            let limit = Int64(random.below(400))
            #expect(window.total == naive.total)
            #expect(window.secondsToNext == naive.secondsToNext)
            #expect(window.wait(for: wanted, limit: limit) == naive.wait(for: wanted, limit: limit))
        }
    }

    @Test func `what came in a second leaves sixty seconds later, at once`() {
        var window = RateWindow(at: 100)
        _ = window.add(3)
        window.advance(to: 159)
        #expect(window.total == 3)
        #expect(window.secondsToNext == 1)
        window.advance(to: 160)
        #expect(window.total == 0)
        #expect(window.secondsToNext == 0)
    }

    @Test func `a window does not go back`() {
        var window = RateWindow(at: 100)
        _ = window.add(1)
        window.advance(to: 40)
        #expect(window.second == 100)
        #expect(window.total == 1)
    }

    @Test func `what would not fit is not counted, and what is corrected stops at the end`() {
        var window = RateWindow(at: 0)
        let counted = [window.add(.max), window.add(1)]
        #expect(counted == [true, false])
        window.correct(from: .max, to: 5, at: 0)
        #expect(window.total == 5)
        let isCounted = window.add(1)
        #expect(isCounted)
        window.correct(from: 1, to: .max, at: 0)
        #expect(window.total == .max)
        window.advance(to: .max)
        #expect(window.total == 0)
    }

    @Test func `what is corrected after it left changes nothing`() {
        var window = RateWindow(at: 0)
        _ = window.add(9)
        window.advance(to: 60)
        window.correct(from: 9, to: 50, at: 0)
        #expect(window.total == 0)
    }
}
