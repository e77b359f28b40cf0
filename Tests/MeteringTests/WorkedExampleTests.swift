import Domain
import Testing

@testable import Metering

/// A call of the published examples: what it used, at which prices, and what that comes to.
struct WorkedExample: Sendable, CustomTestStringConvertible {
    let name: String
    let usage: TokenUsage
    let prices: TokenPrices
    let cost: Int64
    let cents: String

    var testDescription: String { name }

    /// 120,000 in and 8,000 out, of which 6,000 were thinking.
    static let large = TokenUsage(
        promptTokens: 120_000, completionTokens: 8_000, totalTokens: 128_000, reasoningTokens: 6_000)
    static let half = TokenPrices(input: 550_000_000, output: 2_200_000_000)
    static let tenth = TokenPrices(input: 110_000_000, output: 440_000_000)
    static let flash = TokenPrices(input: 500_000_000, output: 3_000_000_000, cacheRead: 50_000_000)
    static let cached = TokenUsage(
        promptTokens: 10_000, completionTokens: 500, totalTokens: 10_500, cachedPromptTokens: 4_500)

    static let all = [
        WorkedExample(name: "A", usage: .of(24, 12), prices: .o4Mini, cost: 79_200, cents: "0.00792"),
        WorkedExample(name: "B", usage: large, prices: .o4Mini, cost: 167_200_000, cents: "16.72"),
        WorkedExample(name: "C", usage: cached, prices: flash, cost: 4_475_000, cents: "0.4475"),
        WorkedExample(name: "D, half", usage: large, prices: half, cost: 83_600_000, cents: "8.36"),
        WorkedExample(name: "D, a tenth", usage: large, prices: tenth, cost: 16_720_000, cents: "1.672"),
        WorkedExample(
            name: "K, embedding", usage: .of(5, 0), prices: TokenPrices(input: 12_000_000), cost: 60,
            cents: "0.000006"),
    ]

    func ask(_ principal: Principal, isOnOwnKey: Bool = false) -> ReservationRequest {
        ReservationRequest(
            principal: principal, promptTokens: usage.promptTokens, outputTokens: usage.completionTokens,
            prices: prices, isOnOwnKey: isOnOwnKey)
    }

    /// Makes the call.
    func run(in treasury: Treasury, by principal: Principal, isOnOwnKey: Bool = false) throws -> Charge {
        let reservation = try treasury.reserve(ask(principal, isOnOwnKey: isOnOwnKey))
        let charge = reservation.charge(for: usage, priceVersion: "2026-05-22")
        reservation.settle(charge, tokens: usage.totalTokens)
        return charge
    }
}

@Suite("Worked examples of the bill")
struct WorkedExampleTests {
    @Test(arguments: WorkedExample.all)
    func `a call takes from the wallet exactly what it costs`(example: WorkedExample) throws {
        let treasury = Treasury(opening: opening(["acc_1": .dollars(1)]), clock: ManualClock())
        let charge = try example.run(in: treasury, by: principal())
        #expect(charge.cost == Nanodollars(example.cost))
        #expect(charge.vendorCost == charge.cost)
        #expect(charge.cost.centsText == example.cents)
        #expect(charge.priceVersion == "2026-05-22")
        #expect(charge.prices == example.prices)
        let standing = treasury.standing(of: account())
        #expect(standing.balance == .dollars(1) - Nanodollars(example.cost))
        #expect(standing.held == .zero)
        #expect(standing.spentToday == charge.cost)
        #expect(standing.spentMonth == charge.cost)
    }

    @Test func `E, a hundred lines at half the price cost 8,36 dollars`() throws {
        let treasury = Treasury(opening: opening(["acc_1": .dollars(10)]), clock: ManualClock())
        let line = try #require(WorkedExample.all.first { $0.name == "D, half" })
        for _ in 0..<100 { _ = try line.run(in: treasury, by: principal()) }
        #expect(treasury.standing(of: account()).balance == .cents(1_000 - 836))
    }

    @Test(
        "F, a top-up is credit and fee",
        arguments: [(10_000, 500, 9_500), (500, 25, 475), (1_999, 100, 1_899)] as [(Int64, Int64, Int64)])
    func topUp(paid: Int64, fee: Int64, credit: Int64) throws {
        let treasury = Treasury(opening: opening(), clock: ManualClock())
        let terms = TopUpTerms()
        #expect(terms.fee(ofPaid: .cents(paid)) == .cents(fee))
        let posting = try #require(terms.posting(paid: .cents(paid), of: AccountID("acc_1"), reference: "p"))
        treasury.apply(StoredPosting(id: 1, createdAt: .noon, posting: posting))
        #expect(treasury.standing(of: account()).balance == .cents(credit))
    }

    @Test func `G, after a top-up the call costs what it costs, without a fee`() throws {
        let treasury = Treasury(opening: opening(), clock: ManualClock())
        let posting = try #require(
            TopUpTerms().posting(paid: .dollars(100), of: AccountID("acc_1"), reference: "p"))
        treasury.apply(StoredPosting(id: 1, createdAt: .noon, posting: posting))
        _ = try WorkedExample.all[1].run(in: treasury, by: principal())
        #expect(treasury.standing(of: account()).balance == Nanodollars(94_832_800_000))
    }

    @Test func `H, on one's own key an empty wallet is enough, and the vendor's cost is kept`() throws {
        let treasury = Treasury(opening: opening(), clock: ManualClock())
        let charge = try WorkedExample.all[1].run(in: treasury, by: principal(), isOnOwnKey: true)
        #expect(charge.cost == .zero)
        #expect(charge.vendorCost == Nanodollars(167_200_000))
        #expect(charge.isOnOwnKey)
        #expect(charge.transfers(to: ProviderID("openai")).isEmpty)
        let standing = treasury.standing(of: account())
        #expect(standing.balance == .zero)
        #expect(standing.spentToday == .zero)
    }

    /// Where the example lets the call run and refuses the next, reserving refuses the one that could pass the cap.
    @Test func `I, a cap is named with what is spent, before it is passed and after`() throws {
        let capped = account(plan: .postpaid, limits: Limits(monthly: .cents(50_000)))
        let day = CalendarDay(.noon)
        func refusal(spent: Int64) throws -> GatewayError {
            let spending = Spending(
                day: day, keyID: KeyID("key_0"), accountID: capped.id, payer: capped.id, tag: nil, cost: .cents(spent))
            let treasury = Treasury(opening: opening(spending: [spending]), clock: ManualClock())
            return try #require(treasury.refusal(of: call(principal(of: capped), nanos: 3_220_000_000)))
        }
        let before = try refusal(spent: 49_990)
        #expect(before.reason == .accountCap)
        #expect(before.message.contains("$500.00") && before.message.contains("$499.90"))
        let after = try refusal(spent: 50_312)
        #expect(after.reason == .accountCap)
        #expect(after.message.contains("$500.00") && after.message.contains("$503.12"))
        #expect(after.retryAfterSeconds == nil)
    }

    /// A thousand tokens in and 500 out, once by the model that was chosen and once by the baseline.
    @Test func `J, what a choice of model saves is the baseline's cost less its own and the fee`() {
        let usage = TokenUsage.of(1_000, 500)
        let chosen = TokenPrices(input: 200_000_000, output: 2_000_000_000).cost(of: usage)
        let baseline = TokenPrices(input: 2_470_000_000, output: 15_000_000_000).cost(of: usage)
        #expect(chosen.centsText == "0.12")
        #expect(baseline.centsText == "0.997")
        let fee = Nanodollars.zero
        #expect(chosen + fee <= baseline)
        #expect((baseline - chosen - fee) == Nanodollars(8_770_000))
        #expect((baseline - chosen - fee).centsText == "0.877")
    }

    @Test func `what is held is never less than any way of using it can cost`() {
        var random = SeededGenerator(seed: 52)
        for _ in 0..<20_000 {
            func price() -> Int64? { random.below(4) == 0 ? nil : Int64(random.below(5_000_000_000)) }
            let prices = TokenPrices(input: price(), output: price(), cacheRead: price(), cacheWrite: price())
            let usage = TokenUsage(
                promptTokens: random.below(5_000), completionTokens: random.below(500),
                cachedPromptTokens: random.below(6_000), cacheWriteTokens: random.below(6_000))
            let worst = prices.worstCase(promptTokens: usage.promptTokens, outputTokens: usage.completionTokens)
            if prices.cost(of: usage) > worst { Issue.record("\(prices) \(usage)") }
        }
    }

    @Test(
        "The worst case is rounded up, and stops at the largest amount",
        arguments: [
            (TokenPrices(input: 1), 1, 0, 1), (TokenPrices(input: 1), 1_000_000, 0, 1),
            (TokenPrices(input: 1), 1_000_001, 0, 2), (TokenPrices(output: 7), 9, 0, 0),
            (TokenPrices(input: 1_000_000, cacheRead: 3_000_000), 2, 0, 6),
            (TokenPrices(input: 1_000_000, cacheWrite: 5_000_000), 2, 0, 10),
            (TokenPrices(cacheWrite: 5_000_000), 2, 0, 10), (TokenPrices(input: -5, output: -5), 9, 9, 0),
            (.even, -4, -4, 0), (.even, .max, .max, .max), (TokenPrices(output: .max), 0, 3, .max),
            (TokenPrices(), 9, 9, 0),
        ] as [(TokenPrices, Int, Int, Int64)])
    func worst(prices: TokenPrices, prompt: Int, output: Int, worst: Int64) {
        #expect(prices.worstCase(promptTokens: prompt, outputTokens: output) == Nanodollars(worst))
    }
}
