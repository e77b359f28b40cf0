import Domain
import Testing

@Suite("Amounts of money")
struct NanodollarsTests {
    @Test(
        "Amounts are written for people",
        arguments: [
            (0, "0.00", "0", "0"), (79_200, "0.00", "0.00792", "0.0000792"), (-1, "0.00", "-0.0000001", "-0.000000001"),
            (4_999_999, "0.00", "0.4999999", "0.004999999"), (5_000_000, "0.01", "0.5", "0.005"),
            (-5_000_000, "-0.01", "-0.5", "-0.005"), (503_120_000_000, "503.12", "50312", "503.12"),
            (999_995_000_000, "1000.00", "99999.5", "999.995"), (60, "0.00", "0.000006", "0.00000006"),
            (.max, "9223372036.85", "922337203685.4775807", "9223372036.854775807"),
            (.min, "-9223372036.85", "-922337203685.4775808", "-9223372036.854775808"),
        ] as [(Int64, String, String, String)])
    func texts(amount: Int64, dollars: String, cents: String, exact: String) {
        #expect(Nanodollars(amount).dollarsText == dollars)
        #expect(Nanodollars(amount).centsText == cents)
        #expect(Nanodollars(amount).exactDollarsText == exact)
    }

    @Test func `sums and differences stop at the ends`() {
        let least = Nanodollars(.min)
        #expect(Nanodollars.max + Nanodollars(1) == .max)
        #expect(least + Nanodollars(-1) == least)
        #expect(least - Nanodollars(1) == least)
        #expect(.zero - least == .max)
        #expect(Nanodollars(-2) - .max == least)
        #expect(Nanodollars(5) - Nanodollars(7) == Nanodollars(-2))
        #expect(Nanodollars(1) < Nanodollars(2))
    }

    @Test func `cents are amounts as far as they fit`() {
        #expect(Nanodollars(cents: 50_000) == Nanodollars(500 * Nanodollars.perDollar))
        #expect(Nanodollars(cents: .max) == nil)
        #expect(Nanodollars(cents: .min) == nil)
    }
}

@Suite("Prices and charges")
struct ChargeTests {
    /// A nano-dollar for a token of the prompt, ten for one of the answer.
    static let plain = TokenPrices(input: 1_000_000, output: 10_000_000)
    static let cached = TokenPrices(input: 1_000_000, output: 10_000_000, cacheRead: 100_000, cacheWrite: 2_000_000)

    static func usage(_ prompt: Int, _ completion: Int, read: Int = 0, written: Int = 0) -> TokenUsage {
        TokenUsage(
            promptTokens: prompt, completionTokens: completion, cachedPromptTokens: read, cacheWriteTokens: written)
    }

    @Test(
        "Usage has one price, rounded once",
        arguments: [
            (plain, usage(7, 3), 37), (plain, usage(7, 3, read: 5, written: 1), 37),
            (cached, usage(70, 0, read: 50, written: 10), 35), (cached, usage(10, 0, read: 99, written: 99), 1),
            (cached, usage(10, 0, written: 99), 20), (TokenPrices(), usage(9, 9), 0),
            (TokenPrices(input: 499_999), usage(1, 0), 0), (TokenPrices(input: 500_000), usage(1, 0), 1),
            (TokenPrices(input: 250_000, output: 250_000), usage(1, 1), 1), (plain, usage(-5, -5, read: -1), 0),
            (plain, usage(.max, 0), .max), (plain, usage(.max, .max, read: .max, written: .max), .max),
            (TokenPrices(input: -9, output: -9), usage(9, 9), 0),
        ] as [(TokenPrices, TokenUsage, Int64)])
    func cost(prices: TokenPrices, usage: TokenUsage, cost: Int64) {
        #expect(prices.cost(of: usage) == Nanodollars(cost))
    }

    @Test func `thinking is part of the completion, and not added again`() {
        var usage = Self.usage(10, 8)
        usage.reasoningTokens = 6
        #expect(Self.plain.cost(of: usage) == Nanodollars(90))
    }

    @Test func `prices are those of the model's page`() {
        var pricing = ModelPricing(inputPerMillion: 1, outputPerMillion: 2)
        pricing.cacheReadPerMillion = 3
        pricing.cacheWritePerMillion = 4
        #expect(TokenPrices(pricing) == TokenPrices(input: 1, output: 2, cacheRead: 3, cacheWrite: 4))
    }

    @Test(
        "The wallet pays what it is charged, the house what is beyond",
        arguments: [
            (100, 100, [100, 0]), (100, 130, [100, 30]), (0, 30, [0, 30]), (0, 0, [0, 0]), (100, nil, [100, 0]),
        ]
            as [(Int64, Int64?, [Int64])])
    func transfers(cost: Int64, vendorCost: Int64?, amounts: [Int64]) {
        let payer = AccountID("acc_1")
        let charge = Charge(payer: payer, cost: Nanodollars(cost), vendorCost: vendorCost.map { Nanodollars($0) })
        let vendor = LedgerAccount.vendorCost(ProviderID("openai"))
        let expected = [
            Transfer(Nanodollars(amounts[0]), from: .wallet(payer), to: vendor),
            Transfer(Nanodollars(amounts[1]), from: .shortfall, to: vendor),
        ].compactMap(\.self)
        #expect(charge.transfers(to: ProviderID("openai")) == expected)
    }

    @Test func `on one's own key nothing moves`() {
        let charge = Charge(payer: AccountID("acc_1"), vendorCost: Nanodollars(5), isOnOwnKey: true)
        #expect(charge.transfers(to: ProviderID("openai")).isEmpty)
    }
}

@Suite("The ledger")
struct LedgerTests {
    static let wallet = LedgerAccount.wallet(AccountID("acc_1"))

    @Test(
        arguments: [
            (wallet, "wallet:acc_1"), (.vendorCost(ProviderID("a:b")), "vendor:a:b"), (.platformFee, "fee"),
            (.cash, "cash"), (.adjustments, "adjustments"), (.shortfall, "shortfall"),
        ] as [(LedgerAccount, String)])
    func `accounts are spelled one way`(account: LedgerAccount, name: String) {
        #expect(account.name == name)
        #expect(LedgerAccount(name: name) == account)
    }

    @Test(arguments: ["", "wallet", "wallet:", "purse:acc_1", "Fee", ":"])
    func `other names are no accounts`(name: String) {
        #expect(LedgerAccount(name: name) == nil)
    }

    @Test func `a transfer moves something, somewhere else`() {
        #expect(Transfer(.zero, from: .cash, to: Self.wallet) == nil)
        #expect(Transfer(Nanodollars(-1), from: .cash, to: Self.wallet) == nil)
        #expect(Transfer(Nanodollars(1), from: .cash, to: .cash) == nil)
        #expect(Transfer(Nanodollars(1), from: .cash, to: Self.wallet)?.amount == Nanodollars(1))
    }

    @Test(
        "A payment is split to the cent",
        arguments: [
            (TopUpTerms(), 10_000, 500, 9_500), (TopUpTerms(), 500, 25, 475), (TopUpTerms(), 1_999, 100, 1_899),
            (TopUpTerms(), 10, 1, 9), (TopUpTerms(), 9, 0, 9), (TopUpTerms(direction: .added), 10_500, 500, 10_000),
            (TopUpTerms(direction: .added), 1_999, 95, 1_904), (TopUpTerms(feeBasisPoints: 0), 100, 0, 100),
            (TopUpTerms(feeBasisPoints: 0, direction: .added), 100, 0, 100),
        ] as [(TopUpTerms, Int64, Int64, Int64)])
    func topUp(terms: TopUpTerms, paid: Int64, fee: Int64, credit: Int64) throws {
        let amount = try #require(Nanodollars(cents: paid))
        let posting = try #require(terms.posting(paid: amount, of: AccountID("acc_1"), reference: "r", note: "n"))
        let expected = [
            Transfer(try #require(Nanodollars(cents: credit)), from: .cash, to: Self.wallet),
            Transfer(try #require(Nanodollars(cents: fee)), from: .cash, to: .platformFee),
        ].compactMap(\.self)
        #expect(posting.transfers == expected)
        #expect(posting.kind == .topUp)
        #expect(posting.reference == "r")
        #expect(posting.note == "n")
    }

    @Test func `a payment of which nothing is left is none`() {
        #expect(TopUpTerms().posting(paid: .zero, of: AccountID("a"), reference: "") == nil)
        #expect(TopUpTerms().posting(paid: Nanodollars(-1), of: AccountID("a"), reference: "") == nil)
        #expect(
            TopUpTerms(feeBasisPoints: 10_000).posting(paid: Nanodollars(100), of: AccountID("a"), reference: "") != nil
        )
        let whole = Nanodollars(Nanodollars.perDollar)
        #expect(TopUpTerms(feeBasisPoints: 10_000).posting(paid: whole, of: AccountID("a"), reference: "") == nil)
    }

    @Test func `the largest payment is split without a trap`() {
        #expect(TopUpTerms().fee(ofPaid: .max) == Nanodollars(461_168_601_840_000_000))
        #expect(TopUpTerms(direction: .added).fee(ofPaid: .max) > .zero)
    }
}
