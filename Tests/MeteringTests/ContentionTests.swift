import Domain
import Synchronization
import Testing

@testable import Metering

/// A treasury in which exactly one of many calls can be made.
struct Contest: Sendable, CustomTestStringConvertible {
    let name: String
    let reason: ErrorReason
    let opening: TreasuryOpening
    let callers: [Principal]
    var tag: String?

    var testDescription: String { name }

    static let all: [Contest] = [
        Contest(
            name: "wallet", reason: .insufficientCredits, opening: funded(100), callers: [principal()]),
        Contest(
            name: "wallet, many keys", reason: .insufficientCredits, opening: funded(199),
            callers: (0..<50).map { principal(key: "key_\($0)") }),
        Contest(
            name: "wallet of the parent", reason: .insufficientCredits, opening: funded(100),
            callers: (0..<20).map { principal(key: "key_\($0)", of: sub($0), parent: account()) }),
        Contest(
            name: "monthly cap of the key", reason: .keyCap, opening: funded(.max),
            callers: [principal(limits: Limits(monthly: Nanodollars(150)))]),
        Contest(
            name: "daily cap of the key", reason: .keyCap, opening: funded(.max),
            callers: [principal(limits: Limits(daily: Nanodollars(199)))]),
        many("monthly cap of the account", .accountCap, Limits(monthly: Nanodollars(100))),
        many("daily cap of the account", .accountCap, Limits(daily: Nanodollars(100))),
        Contest(
            name: "cap of the sub-account", reason: .subAccountCap, opening: funded(.max),
            callers: (0..<20).map {
                principal(key: "key_\($0)", of: sub(0, Limits(monthly: Nanodollars(100))), parent: account())
            }),
        ofParent("cap of the parent", .accountCap, Limits(daily: Nanodollars(100))),
        Contest(
            name: "tag budget", reason: .tagBudget, opening: funded(.max),
            callers: (0..<20).map {
                principal(key: "key_\($0)", budgets: [budget("search", monthly: Nanodollars(100))])
            }, tag: "search"),
        many("requests of the account", .requestRate, Limits(requestsPerMinute: 1)),
        ofParent("requests of the parent", .requestRate, Limits(requestsPerMinute: 1)),
        many("tokens of the account", .tokenRate, Limits(tokensPerMinute: 199)),
        ofParent("tokens of the parent", .tokenRate, Limits(tokensPerMinute: 100)),
        many("calls at the same time", .concurrency, Limits(concurrency: 1)),
        ofParent("calls at the same time of the parent", .concurrency, Limits(concurrency: 1)),
        Contest(
            name: "requests of the key", reason: .requestRate, opening: funded(.max),
            callers: [principal(limits: Limits(requestsPerMinute: 1))]),
    ]

    private static func funded(_ nanos: Int64) -> TreasuryOpening {
        TreasuryOpening(wallets: [AccountID("acc_1"): Nanodollars(nanos)])
    }

    private static func sub(_ number: Int, _ limits: Limits = .none) -> Account {
        account("acc_sub_\(number)", parent: account(), limits: limits)
    }

    private static func many(_ name: String, _ reason: ErrorReason, _ limits: Limits) -> Contest {
        Contest(
            name: name, reason: reason, opening: funded(.max),
            callers: (0..<50).map { principal(key: "key_\($0)", of: account(limits: limits)) })
    }

    private static func ofParent(_ name: String, _ reason: ErrorReason, _ limits: Limits) -> Contest {
        Contest(
            name: name, reason: reason, opening: funded(.max),
            callers: (0..<50).map {
                principal(key: "key_\($0)", of: sub($0), parent: account(limits: limits))
            })
    }
}

/// Keeps a reservation while others try.
final class Keeper: Sendable {
    private let kept = Mutex<Reservation?>(nil)

    func keep(_ reservation: consuming Reservation) {
        let handed = Mutex<Reservation?>(consume reservation)
        kept.withLock { $0 = handed.withLock { $0.take() } }
    }

    func settle(nanos: Int) {
        kept.withLock { kept in
            guard let reservation = kept.take() else { return }
            let charge = reservation.charge(for: .of(nanos, 0), priceVersion: nil)
            reservation.settle(charge, tokens: nanos)
        }
    }
}

@Suite("A thousand at once")
struct ContentionTests {
    @Test(arguments: Contest.all)
    func `of a thousand calls exactly the one that fits is made`(contest: Contest) async {
        let treasury = Treasury(opening: contest.opening, clock: ManualClock())
        let keeper = Keeper()
        let refusals = await withTaskGroup(of: ErrorReason?.self) { group in
            for number in 0..<1_000 {
                let caller = contest.callers[number % contest.callers.count]
                group.addTask {
                    do throws(GatewayError) {
                        keeper.keep(try treasury.reserve(call(caller, tag: contest.tag)))
                        return nil
                    } catch {
                        return error.reason
                    }
                }
            }
            return await group.reduce(into: [ErrorReason?: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(refusals == [nil: 1, contest.reason: 999])
        #expect(treasury.standing(of: account()).held == Nanodollars(100))
        keeper.settle(nanos: 100)
        let standing = treasury.standing(of: account())
        #expect(standing.held == .zero)
        #expect(standing.balance == (contest.opening.wallets[AccountID("acc_1")] ?? .zero) - Nanodollars(100))
        #expect(standing.balance >= .zero)
        #expect(standing.spentMonth == Nanodollars(100))
    }

    @Test func `money for a hundred pays for a hundred of a thousand, settled at once`() async {
        let treasury = Treasury(opening: opening(["acc_1": Nanodollars(10_099)]), clock: ManualClock())
        let made = await withTaskGroup(of: Int.self) { group in
            for number in 0..<1_000 {
                group.addTask { treasury.spend(call(principal(key: "key_\(number % 7)"))) == nil ? 1 : 0 }
            }
            return await group.reduce(0, +)
        }
        #expect(made == 100)
        #expect(treasury.standing(of: account()).balance == Nanodollars(99))
    }

    /// Nobody has a place in a line: who comes to the lock first when a place is free gets it.
    @Test func `among those who try again nobody gets less than chance gives`() {
        var random = SeededGenerator(seed: 7)
        let treasury = Treasury(opening: opening(["acc_1": .dollars(1)]), clock: ManualClock())
        let shared = account(limits: Limits(concurrency: 1))
        let callers = (0..<20).map { principal(key: "key_\($0)", of: shared) }
        var made = Array(repeating: 0, count: callers.count)
        var order = Array(callers.indices)
        var refusals: Set<[String]> = []
        for _ in 0..<2_000 {
            order.shuffle(using: &random)
            let keeper = Keeper()
            for place in order {
                do throws(GatewayError) {
                    keeper.keep(try treasury.reserve(call(callers[place], nanos: 1)))
                    made[place] += 1
                } catch {
                    refusals.insert([error.reason.rawValue, "\(error.retryAfterSeconds ?? 0)"])
                }
            }
            keeper.settle(nanos: 1)
        }
        #expect(refusals == [["concurrency", "1"]])
        #expect(made.reduce(0, +) == 2_000)
        // A hundred each, with a deviation of ten.
        for count in made { #expect((50...150).contains(count), "\(made)") }
    }

    @Test func `with one place for sixteen tasks each comes to its turn`() async {
        let treasury = Treasury(opening: opening(["acc_1": .dollars(1)]), clock: ManualClock())
        let shared = account(limits: Limits(concurrency: 1))
        await withTaskGroup { group in
            for number in 0..<16 {
                let caller = principal(key: "key_\(number)", of: shared)
                group.addTask {
                    var made = 0
                    for _ in 0..<100_000 where made < 20 {
                        if treasury.spend(call(caller, nanos: 1)) == nil { made += 1 }
                        await Task.yield()
                    }
                }
            }
        }
        #expect(treasury.standing(of: account()).spentToday == Nanodollars(320))
    }
}
