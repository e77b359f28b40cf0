import Domain
import Testing

@testable import Metering

@Suite("Tags of a day")
struct TagDayTests {
    private let clock = ManualClock()
    private let bounds = TreasuryBounds(scopes: 1_000, tagsPerDay: 3)

    private func treasury(_ opening: TreasuryOpening = opening(["acc_1": .dollars(1), "acc_2": .dollars(1)]))
        -> Treasury
    {
        Treasury(opening: opening, clock: clock, bounds: bounds)
    }

    private func use(_ tags: String..., in treasury: Treasury, by principal: Principal = principal()) -> [GatewayError?]
    {
        tags.map { treasury.spend(call(principal, tag: $0)) }
    }

    @Test func `one tag too many is refused, those known go on`() throws {
        let treasury = treasury()
        #expect(use("a", "b", "a", "c", "b", in: treasury) == [nil, nil, nil, nil, nil])
        let refusal = try #require(use("d", in: treasury)[0])
        #expect(refusal.reason == .invalidValue)
        #expect(refusal.param == "x-aig-tag")
        #expect(refusal.message.contains("3 different tags") && refusal.message.contains("/v1/budgets"))
        #expect(refusal.retryAfterSeconds == nil)
        #expect(use("a", "b", "c", in: treasury) == [nil, nil, nil])
        #expect(treasury.spend(call(principal())) == nil, "no tag is no tag too many")
    }

    @Test func `a refused call takes nothing and leaves nothing`() {
        let treasury = treasury(opening(["acc_1": Nanodollars(250)]))
        #expect(use("a", in: treasury) == [nil])
        // Refused for money: these tags are not used.
        #expect(treasury.spend(call(principal(), tag: "x", nanos: 1_000))?.reason == .insufficientCredits)
        #expect(treasury.spend(call(principal(), tag: "y", nanos: 1_000))?.reason == .insufficientCredits)
        for tag in ["b", "c"] {
            #expect(treasury.spend(call(principal(), tag: tag, nanos: 1)) == nil)
        }
        #expect(use("d", in: treasury)[0]?.reason == .invalidValue)
        #expect(treasury.standing(of: account()).held == .zero)
        #expect(treasury.standing(of: account()).balance == Nanodollars(148))
    }

    @Test func `it is counted by who pays`() {
        let treasury = treasury()
        let payer = account()
        let team = account("sa_1", parent: payer)
        #expect(use("a", "b", in: treasury, by: principal(key: "key_2", of: team, parent: payer)) == [nil, nil])
        #expect(use("b", "c", in: treasury) == [nil, nil])
        #expect(use("d", in: treasury, by: principal(key: "key_2", of: team, parent: payer))[0] != nil)
        // What others use is of no account.
        let other = principal(key: "key_3", of: account("acc_2"))
        #expect(use("a", "b", "c", in: treasury, by: other) == [nil, nil, nil])
        #expect(use("d", in: treasury, by: other)[0] != nil)
    }

    @Test func `calls on one's own key and calls for nothing are counted too`() {
        let treasury = treasury()
        for tag in ["a", "b"] { #expect(treasury.spend(call(principal(), tag: tag, isOnOwnKey: true)) == nil) }
        var free = call(principal(), tag: "c")
        free.prices = nil
        #expect(treasury.spend(free) == nil)
        #expect(use("d", in: treasury)[0] != nil)
    }

    @Test func `tags of budgets and defaults are not counted and always let in`() {
        let treasury = treasury()
        var owner = account()
        owner.defaultTag = "team"
        let caller = principal(of: owner, budgets: [budget("search"), budget("told", action: .alert)])
        #expect(use("team", "search", "told", "a", "b", "c", in: treasury, by: caller).allSatisfy { $0 == nil })
        #expect(use("d", in: treasury, by: caller)[0] != nil)
        #expect(use("team", "search", "told", in: treasury, by: caller) == [nil, nil, nil])
    }

    @Test func `a new day begins without tags`() {
        let treasury = treasury()
        #expect(use("a", "b", "c", in: treasury) == [nil, nil, nil])
        clock.set(.midnight("2026-05-23").adding(seconds: -1))
        #expect(use("d", in: treasury)[0] != nil)
        clock.set(.midnight("2026-05-23"))
        #expect(use("d", "e", "f", in: treasury) == [nil, nil, nil])
        #expect(use("a", in: treasury)[0] != nil)
    }

    @Test func `the day's tags are known after a start`() {
        let tags = ["a", "b", "c"].map { TreasuryOpening.PayersTag(payer: AccountID("acc_1"), tag: $0) }
        let treasury = treasury(TreasuryOpening(wallets: [AccountID("acc_1"): .dollars(1)], tags: tags))
        #expect(use("b", in: treasury) == [nil])
        #expect(use("d", in: treasury)[0] != nil)
        clock.set(.midnight("2026-05-23"))
        #expect(use("d", in: treasury) == [nil])
    }

    @Test func `asked first, the same is said, and nothing is used`() {
        let treasury = treasury()
        for tag in ["a", "b", "c", "d", "e"] {
            #expect(treasury.wouldAdmit(call(principal(), tag: tag)).refusal == nil)
        }
        #expect(use("a", "b", "c", in: treasury) == [nil, nil, nil])
        #expect(treasury.wouldAdmit(call(principal(), tag: "d")).refusal?.param == "x-aig-tag")
        #expect(treasury.wouldAdmit(call(principal(), tag: "a")).refusal == nil)
    }

    @Test func `all payers together have a bound as well`() {
        let bounds = TreasuryBounds(scopes: 20, tagsPerDay: 1_000)
        let treasury = Treasury(
            opening: opening(["acc_1": .dollars(1)]), clock: clock, bounds: bounds)
        for number in 0..<200 { #expect(use("\(number)", in: treasury) == [nil]) }
        #expect(use("200", in: treasury)[0]?.reason == .overloaded)
        #expect(use("0", in: treasury) == [nil])
    }
}
