import Testing

@testable import DynamicRouting

@Suite("Shares of requests")
struct ShareTests {
    @Test(arguments: [
        ("100%", 1_000_000), ("1%", 10_000), ("0.5%", 5_000), ("12.3456%", 123_456), ("50% canary", 500_000),
        ("007%", 70_000), ("0%", 0), ("33.3%", 333_000), ("50% 50%", 500_000),
    ])
    func `a name says how much`(name: String, parts: UInt64) {
        #expect(RouteShares.parts(of: name) == parts)
    }

    @Test(arguments: [
        "", "%", "5", "else", "5 %", "+5%", "-5%", "5.%", ".5%", "1000%", "1.23456%", "5%x", "5e1%", "٥%",
        "5% \(String(repeating: "x", count: 33))",
    ])
    func `a name says nothing`(name: String) {
        #expect(RouteShares.parts(of: name) == nil)
    }

    @Test(arguments: [
        [10.0, 90], [50, 50], [1, 99], [20, 20, 20, 20, 20], [0.5, 99.5], [33.3333, 33.3333, 33.3334],
    ])
    func `a hundred thousand draws fall as they should`(percents: [Double]) {
        let shares = RouteShares(percents.map { UInt64(($0 * 10_000).rounded()) }, elementID: "split")
        var random = SeededGenerator(seed: 42)
        var counts = Array(repeating: 0.0, count: percents.count)
        let draws = 100_000.0
        for _ in 0..<Int(draws) { counts[shares.choose(random.next())] += 1 }
        for (count, percent) in zip(counts, percents) {
            let share = percent / 100
            let deviation = (draws * share * (1 - share)).squareRoot()
            #expect(abs(count - draws * share) < 4.5 * deviation, "\(count) for \(percent) %")
        }
    }

    @Test func `a counter for a draw is as even as chance`() {
        let shares = RouteShares([250_000, 750_000], elementID: "split")
        let first = (0..<100_000 as Range<UInt64>).count { shares.choose($0) == 0 }
        #expect((24_400...25_600).contains(first))
    }

    @Test func `the same draw always falls the same, and one split does not decide the next`() {
        let one = RouteShares([500_000, 500_000], elementID: "one")
        let two = RouteShares([500_000, 500_000], elementID: "two")
        var random = SeededGenerator(seed: 1)
        var counts = [[0, 0], [0, 0]]
        for _ in 0..<40_000 {
            let draw = random.next()
            let chosen = one.choose(draw)
            #expect(one.choose(draw) == chosen)
            counts[chosen][two.choose(draw)] += 1
        }
        for count in counts.joined() { #expect((9_500...10_500).contains(count)) }
    }
}
