import Domain
import Foundation
import Testing

@testable import Metering

extension Simulation {
    enum Moment {
        case running
        /// Nothing is under way, and the treasury knows what the journal told it.
        case opened
        /// Nothing is under way.
        case ended
    }

    /// Compares the treasury with the journal, and both with what must always hold.
    mutating func check(_ moment: Moment) {
        if journal.sum != 0 { fail("the journal sums to \(journal.sum)") }
        checkWallets(moment)
        let today = CalendarDay(now).daysSince1970
        for scope in cast.scopes {
            let committed = journal.spent(scope, on: today)
            let known = treasury.spent(scope)
            let limits = cast.limits(of: scope)
            if committed.today > limits.daily?.rawValue ?? .max { fail("\(scope) spent \(committed.today) today") }
            if committed.month > limits.monthly?.rawValue ?? .max { fail("\(scope) spent \(committed.month)") }
            // What was recorded before midnight and settled after it counts for the later day until the next start.
            let isEqual = known.today.rawValue == committed.today && known.month.rawValue == committed.month
            let isAtLeast = known.today.rawValue >= committed.today && known.month.rawValue >= committed.month
            if moment == .opened ? !isEqual : moment == .ended && !isAtLeast {
                fail("\(scope) spent \(committed), the treasury says \(known)")
            }
        }
    }

    private mutating func checkWallets(_ moment: Moment) {
        let unsettled = flights.compactMap { $0 }.filter { $0.stage == .recorded }
        for (place, payer) in cast.payers.enumerated() {
            let standing = treasury.standing(of: payer)
            let open = unsettled.filter { cast.payerOfCaller[$0.caller] == place }
                .reduce(0) { $0 + ($1.charge?.cost.rawValue ?? 0) }
            if standing.balance.rawValue != journal.wallets[place] + open {
                fail("\(payer.id) has \(journal.wallets[place]), the treasury says \(standing) beside \(open)")
            }
            if payer.plan == .prepaid, standing.balance - standing.held < .zero { fail("\(payer.id): \(standing)") }
            if moment != .running, standing.held != .zero { fail("\(payer.id) holds \(standing.held) for nobody") }
        }
    }

    /// Reckons everything anew from the single calls and postings.
    mutating func replay() {
        var wallets = Array(repeating: Int64(0), count: cast.payers.count)
        var isCharged = Array(repeating: false, count: fates.count)
        for stored in journal.postings {
            for transfer in stored.posting.transfers {
                guard case .wallet(let id) = transfer.to, let payer = cast.payers.firstIndex(where: { $0.id == id })
                else { continue }
                wallets[payer] += transfer.amount.rawValue
            }
        }
        for call in journal.calls {
            if isCharged[call.number] { fail("call \(call.number) was charged twice") }
            isCharged[call.number] = true
            wallets[cast.payerOfCaller[call.caller]] -= call.cost
        }
        if wallets != journal.wallets { fail("replayed: \(wallets), kept: \(journal.wallets)") }
        for (number, fate) in fates.enumerated() where fate & 2 != 0 && !isCharged[number] {
            fail("call \(number) was answered and not charged")
        }
    }
}

@Suite("A gateway that crashes")
struct SimulationTests {
    static let lives = 2

    /// `SIM_SEED` repeats a run, `SIM_SETTLEMENTS` makes it longer or shorter.
    static let seed =
        ProcessInfo.processInfo.environment["SIM_SEED"].flatMap { UInt64($0) } ?? .random(in: 0..<1_000_000_000)
    static let settlements =
        ProcessInfo.processInfo.environment["SIM_SETTLEMENTS"].flatMap { Int($0) } ?? 1_000_000

    @Test(arguments: 0..<lives)
    func `keeps every promise about money`(life: Int) {
        let count = Self.settlements / Self.lives
        var simulation = Simulation(seed: Self.seed &+ UInt64(life))
        simulation.run(settlements: count)
        simulation.replay()
        #expect(simulation.problem == nil, "repeat it with SIM_SEED=\(Self.seed)")
        #expect(simulation.settlements >= count, "SIM_SEED=\(Self.seed)")
        guard count >= 100_000 else { return }
        #expect(simulation.crashes > 10, "SIM_SEED=\(Self.seed)")
        let seen = Set(simulation.refusals.keys)
        #expect(
            seen == [
                .insufficientCredits, .keyCap, .accountCap, .subAccountCap, .tagBudget, .requestRate, .tokenRate,
                .concurrency,
            ], "SIM_SEED=\(Self.seed)")
    }
}
