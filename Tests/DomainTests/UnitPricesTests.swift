import Domain
import Testing

@Suite("Prices of what is not tokens")
struct UnitPricesTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let prices: UnitPrices
        let usage: UnitUsage
        let nanodollars: Int64
        let cents: String
    }

    static let examples = [
        Example(
            testDescription: "K, video: 5 s at $0.400 a second", prices: UnitPrices(perSecond: 400_000_000),
            usage: UnitUsage(seconds: 5), nanodollars: 2_000_000_000, cents: "200"),
        Example(
            testDescription: "K, speech to text: 90 s at $0.0052 a minute", prices: UnitPrices(perMinute: 5_200_000),
            usage: UnitUsage(seconds: 90), nanodollars: 7_800_000, cents: "0.78"),
        Example(
            testDescription: "one second of that: 86,666.67 nano-dollars", prices: UnitPrices(perMinute: 5_200_000),
            usage: UnitUsage(seconds: 1), nanodollars: 86_667, cents: "0.0086667"),
        Example(
            testDescription: "speech: 1,234 characters at $0.015 a thousand",
            prices: UnitPrices(perThousandCharacters: 15_000_000), usage: UnitUsage(characters: 1_234),
            nanodollars: 18_510_000, cents: "1.851"),
        Example(
            testDescription: "pictures: 3 at $0.04", prices: UnitPrices(perImage: 40_000_000),
            usage: UnitUsage(images: 3), nanodollars: 120_000_000, cents: "12"),
        Example(
            testDescription: "ranking: a request at $0.002", prices: UnitPrices(perRequest: 2_000_000),
            usage: UnitUsage(requests: 1), nanodollars: 2_000_000, cents: "0.2"),
        Example(
            testDescription: "everything together is rounded once: 0.5 + 0.25 + 0.25",
            prices: UnitPrices(perMinute: 30, perThousandCharacters: 250, perRequest: 0),
            usage: UnitUsage(seconds: 1, characters: 2), nanodollars: 1, cents: "0.0000001"),
        Example(
            testDescription: "half a nano-dollar is rounded up", prices: UnitPrices(perMinute: 30),
            usage: UnitUsage(seconds: 1), nanodollars: 1, cents: "0.0000001"),
        Example(
            testDescription: "less is rounded down", prices: UnitPrices(perMinute: 29),
            usage: UnitUsage(seconds: 1), nanodollars: 0, cents: "0"),
        Example(
            testDescription: "a price for a second says the same as one for a minute",
            prices: UnitPrices(perSecond: 100, perMinute: 6_000), usage: UnitUsage(seconds: 60), nanodollars: 6_000,
            cents: "0.0006"),
        Example(
            testDescription: "what has no price costs nothing", prices: UnitPrices(),
            usage: UnitUsage(images: 1, seconds: 1, characters: 1, requests: 1), nanodollars: 0, cents: "0"),
        Example(
            testDescription: "nonsense below zero costs nothing", prices: UnitPrices(perImage: -5, perSecond: 5),
            usage: UnitUsage(images: 1, seconds: -1), nanodollars: 0, cents: "0"),
        Example(
            testDescription: "it stops at the largest amount",
            prices: UnitPrices(perImage: .max, perThousandCharacters: .max),
            usage: UnitUsage(images: .max, characters: .max), nanodollars: .max, cents: Nanodollars.max.centsText),
        Example(
            testDescription: "also when only the amount is too large", prices: UnitPrices(perImage: .max),
            usage: UnitUsage(images: 2), nanodollars: .max, cents: Nanodollars.max.centsText),
    ]

    @Test(arguments: examples) func `usage costs exactly this`(example: Example) {
        let cost = example.prices.cost(of: example.usage)
        #expect(cost == Nanodollars(example.nanodollars))
        #expect(cost.centsText == example.cents)
    }

    @Test func `prices are those of the model`() {
        var pricing = ModelPricing()
        pricing.perImage = 1
        pricing.perSecond = 2
        pricing.perMinute = 3
        pricing.perThousandCharacters = 4
        pricing.perRequest = 5
        #expect(
            UnitPrices(pricing)
                == UnitPrices(perImage: 1, perSecond: 2, perMinute: 3, perThousandCharacters: 4, perRequest: 5))
    }

    @Test(arguments: [
        (0, 0), (1, 1), (999, 1), (1_000, 1), (1_001, 2), (90_000, 90), (-5, 0), (Int.max, Int.max / 1_000 + 1),
    ])
    func `a second that has begun counts`(milliseconds: Int, seconds: Int) {
        #expect(UnitUsage.seconds(milliseconds: milliseconds) == seconds)
    }
}
