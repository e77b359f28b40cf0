import Domain
import Testing

@testable import Governance

@Suite("Windows aligned to the clock")
struct WindowTallyTests {
    /// The same, by a list of everything that ever came.
    struct NaiveWindows {
        let window: ClockWindow
        var events: [(index: Int64, amount: Int64)] = []

        func index(_ moment: Timestamp) -> Int64 {
            Int64((Double(moment.microseconds) / Double(window.seconds * 1_000_000)).rounded(.down))
        }

        func sum(_ index: Int64) -> Int128 {
            events.reduce(0) { $0 + ($1.index == index ? Int128($1.amount) : 0) }
        }

        func used(_ moment: Timestamp) -> Int128 {
            let length = Int128(window.seconds) * 1_000_000
            let here = index(moment)
            let passed = Int128(moment.microseconds) - Int128(here) * length
            let before = window.technique == .sliding ? sum(here - 1) * (length - passed) : 0
            return sum(here) * length + before
        }

        /// The first whole second from now on at which at most so much counts.
        func wait(_ moment: Timestamp, until bound: Int128) -> Int {
            (1...Int(2 * window.seconds + 1)).first { used(moment.adding(seconds: Int64($0))) <= bound } ?? -1
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `what counts is what a list of everything says`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let technique: GatewayRateLimit.Technique = seed.isMultiple(of: 2) ? .fixed : .sliding
        let window = ClockWindow(seconds: Int64([1, 2, 7, 60, 100][random.below(5)]), technique: technique)
        var naive = NaiveWindows(window: window)
        var now = seed < 5 ? Timestamp(microseconds: -300_000_000) : .noon
        var tally = WindowTally(index: window.index(at: now))
        for _ in 0..<400 {
            now = now.adding(microseconds: Int64(random.below(Int(window.microseconds))) / Int64(1 + random.below(9)))
            if random.chance(3) { now = now.adding(seconds: window.seconds * Int64(random.below(4))) }
            #expect(window.index(at: now) == naive.index(now))
            tally.advance(to: window.index(at: now))
            if random.chance(60) {
                let amount = Int64(random.below(50))
                tally.add(amount)
                naive.events.append((naive.index(now), amount))
            }
            #expect(tally.used(window, at: now) == naive.used(now))
            let bound = Int128(random.below(120)) * Int128(window.microseconds) + Int128(random.below(3) - 1)
            guard bound >= 0, tally.used(window, at: now) > bound else { continue }
            #expect(tally.wait(window, at: now, until: bound) == naive.wait(now, until: bound))
        }
    }

    @Test func `a window before has its share`() {
        let window = ClockWindow(seconds: 60, technique: .sliding)
        var tally = WindowTally(index: window.index(at: .noon))
        tally.add(60)
        let later = Timestamp.noon.adding(seconds: 75)
        tally.advance(to: window.index(at: later))
        #expect(tally.used(window, at: later) == 45 * 60_000_000)
        #expect(tally.used(ClockWindow(seconds: 60, technique: .fixed), at: later) == 0)
    }

    @Test func `moments out of order stay in the later window, and a clock that was set back begins anew`() {
        var tally = WindowTally(index: 100)
        tally.add(5)
        tally.advance(to: 99)
        #expect(tally == WindowTally(index: 100, current: 5))
        tally.advance(to: 98)
        #expect(tally == WindowTally(index: 98))
        tally.add(1)
        tally.advance(to: 100)
        #expect(tally == WindowTally(index: 100))
    }

    @Test(arguments: [Int64.min, Int64.min + 1, -1, 0, 1, Int64.max - 1, Int64.max])
    func `no number is too large`(extreme: Int64) {
        for technique in GatewayRateLimit.Technique.allCases {
            for seconds in [Int64.min, 0, 1, 60, .max] {
                let window = ClockWindow(seconds: seconds, technique: technique)
                let moment = Timestamp(microseconds: extreme)
                var tally = WindowTally(index: extreme, current: .max, previous: .max)
                for present in [Int64.min, 0, .max] { _ = tally.isPast(in: present) }
                _ = tally.used(window, at: moment)
                tally.add(.max)
                tally.advance(to: window.index(at: moment))
                #expect(tally.wait(window, at: moment, until: 0) >= 1)
                #expect(tally.wait(window, at: moment, until: -1) >= 1)
            }
        }
    }
}
