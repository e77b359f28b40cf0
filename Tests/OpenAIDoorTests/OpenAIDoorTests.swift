import Testing

@testable import OpenAIDoor

@Suite("OpenAI's dialect")
struct OpenAIDoorTests {
    @Test(
        "Money is written exactly",
        arguments: [
            (0, "0"), (1, "0.000000001"), (1_100_000_000, "1.1"), (4_400_000_000, "4.4"), (50_000_000, "0.05"),
            (1_000_000_000, "1"), (-1_100_000_000, "-1.1"), (12_345_678_901, "12.345678901"),
        ] as [(Int64, String)])
    func dollars(nanodollars: Int64, text: String) {
        #expect(String(decoding: Dollars.json(nanodollars: nanodollars), as: UTF8.self) == text)
    }
}
