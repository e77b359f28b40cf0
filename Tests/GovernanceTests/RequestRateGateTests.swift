import Domain
import Testing

@testable import Governance

@Suite("Requests through a gateway")
struct RequestRateGateTests {
    static func limit(
        _ limit: Int, _ seconds: Int, _ technique: GatewayRateLimit.Technique = .fixed
    ) -> GatewayRateLimit {
        GatewayRateLimit(limit: limit, intervalSeconds: seconds, technique: technique)
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `a fixed window never admits more than its limit, and never fewer than come`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let gate = RequestRateGate()
        let limit = Self.limit(1 + random.below(20), 1 + random.below(30))
        var now = Timestamp.noon
        var admitted: [Int64: Int] = [:]
        for _ in 0..<3_000 {
            now = now.adding(microseconds: Int64(random.below(2_000_000)))
            let window = now.seconds / Int64(limit.intervalSeconds)
            let before = admitted[window, default: 0]
            switch gate.admit(.shop, limit, at: now) {
            case .allowed:
                #expect(before < limit.limit)
                admitted[window] = before + 1
            case .refused(let seconds):
                #expect(before == limit.limit)
                let rest = Int64(limit.intervalSeconds) * (window + 1) * 1_000_000 - now.microseconds
                #expect(Int64(seconds) == (rest + 999_999) / 1_000_000)
            }
        }
        #expect(admitted.values.contains(limit.limit) || admitted.values.allSatisfy { $0 < limit.limit })
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `a sliding window admits what a list of all admissions says`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let gate = RequestRateGate()
        let limit = Self.limit(1 + random.below(12), 1 + random.below(20), .sliding)
        var naive = WindowTallyTests.NaiveWindows(
            window: ClockWindow(seconds: Int64(limit.intervalSeconds), technique: .sliding))
        let length = Int128(limit.intervalSeconds) * 1_000_000
        var now = Timestamp.noon
        for _ in 0..<1_500 {
            now = now.adding(microseconds: Int64(random.below(1_500_000)))
            let fits = naive.used(now) + length <= Int128(limit.limit) * length
            let verdict = gate.admit(.shop, limit, at: now)
            #expect((verdict == .allowed) == fits)
            if fits { naive.events.append((naive.index(now), 1)) }
            if case .refused(let seconds) = verdict {
                #expect(seconds == naive.wait(now, until: Int128(limit.limit - 1) * length))
            }
        }
    }

    @Test(arguments: GatewayRateLimit.Technique.allCases)
    func `a thousand at once get as many places as there are`(technique: GatewayRateLimit.Technique) async {
        let gate = RequestRateGate()
        let limit = Self.limit(137, 60, technique)
        let admitted = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<1_000 { group.addTask { gate.admit(.shop, limit, at: .noon) == .allowed } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(admitted == 137)
    }

    @Test func `gateways do not count for each other`() {
        let gate = RequestRateGate()
        #expect(gate.admit(.shop, Self.limit(1, 60), at: .noon) == .allowed)
        #expect(gate.admit(.other, Self.limit(1, 60), at: .noon) == .allowed)
        #expect(gate.admit(.shop, Self.limit(1, 60), at: .noon) == .refused(retryAfterSeconds: 60))
    }

    @Test func `a changed limit counts what was admitted, a changed interval begins anew`() {
        let gate = RequestRateGate()
        // So early that windows of both lengths have the same number.
        let now = Timestamp(seconds: 10)
        for _ in 0..<3 { _ = gate.admit(.shop, Self.limit(3, 60), at: now) }
        #expect(gate.admit(.shop, Self.limit(3, 60), at: now) != .allowed)
        #expect(gate.admit(.shop, Self.limit(4, 60), at: now) == .allowed)
        #expect(gate.admit(.shop, Self.limit(4, 60, .sliding), at: now) != .allowed)
        #expect(gate.admit(.shop, Self.limit(1, 30), at: now) == .allowed)
        #expect(gate.admit(.shop, Self.limit(1, 30), at: now) != .allowed)
    }

    @Test(arguments: [(0, 60), (5, 0), (-1, 60), (5, -1)])
    func `no limit, or no time, is no limit`(limit: Int, seconds: Int) {
        let gate = RequestRateGate()
        for _ in 0..<10 { #expect(gate.admit(.shop, Self.limit(limit, seconds), at: .noon) == .allowed) }
    }

    @Test func `the gateways asked for last are remembered, and never more than there is room for`() {
        var table = RecentTable<Int, Int>(capacity: 10)
        for key in 0..<1_000 {
            table.update(key, orInsert: 0) { $0 += 1 }
            // One that is asked for all the time is never forgotten.
            table.update(-1, orInsert: 0) { $0 += 1 }
            #expect(table.count <= 10)
        }
        #expect(table.update(-1, orInsert: 0) { $0 } == 1_000)
        #expect(table.update(999, orInsert: 0) { $0 } == 1)
        #expect(table.update(3, orInsert: 0) { $0 } == 0)
    }
}
