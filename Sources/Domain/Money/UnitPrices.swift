/// What a call used of things that are not tokens.
public struct UnitUsage: Hashable, Sendable {
    public var images: Int
    /// Of sound or film. A second that has begun counts as one.
    public var seconds: Int
    public var characters: Int
    public var requests: Int

    public init(images: Int = 0, seconds: Int = 0, characters: Int = 0, requests: Int = 0) {
        self.images = images
        self.seconds = seconds
        self.characters = characters
        self.requests = requests
    }

    /// The seconds that have begun in so much time.
    public static func seconds(milliseconds: Int) -> Int {
        let (seconds, rest) = max(0, milliseconds).quotientAndRemainder(dividingBy: 1_000)
        return rest > 0 ? seconds + 1 : seconds
    }
}

/// What vendors ask for things that are not tokens, in nano-dollars. A part that is nil costs nothing.
public struct UnitPrices: Hashable, Sendable {
    public var perImage: Int64?
    public var perSecond: Int64?
    /// Charged by the second. Of no effect beside a price for a second, which says the same.
    public var perMinute: Int64?
    public var perThousandCharacters: Int64?
    public var perRequest: Int64?

    public init(
        perImage: Int64? = nil, perSecond: Int64? = nil, perMinute: Int64? = nil, perThousandCharacters: Int64? = nil,
        perRequest: Int64? = nil
    ) {
        self.perImage = perImage
        self.perSecond = perSecond
        self.perMinute = perMinute
        self.perThousandCharacters = perThousandCharacters
        self.perRequest = perRequest
    }

    public init(_ pricing: ModelPricing) {
        self.init(
            perImage: pricing.perImage, perSecond: pricing.perSecond, perMinute: pricing.perMinute,
            perThousandCharacters: pricing.perThousandCharacters, perRequest: pricing.perRequest)
    }

    /// The least number that can be divided by the 60 seconds of a minute and by a thousand characters.
    private static let parts: UInt128 = 3_000

    /// What that usage costs: computed exactly, rounded once, half a nano-dollar up. Stops at the largest amount there
    /// is.
    public func cost(of usage: UnitUsage) -> Nanodollars {
        let perTime = perSecond.map { ($0, Self.parts) } ?? perMinute.map { ($0, Self.parts / 60) } ?? (0, 0)
        let terms: [(Int, Int64, UInt128)] = [
            (usage.images, perImage ?? 0, Self.parts), (usage.seconds, perTime.0, perTime.1),
            (usage.characters, perThousandCharacters ?? 0, Self.parts / 1_000),
            (usage.requests, perRequest ?? 0, Self.parts),
        ]
        var sum: UInt128 = 0
        for (count, price, factor) in terms {
            // No more than 2^126 each.
            let amount = UInt128(max(0, count)) * UInt128(max(0, price))
            let (product, isTooLarge) = amount.multipliedReportingOverflow(by: factor)
            let (next, overflow) = sum.addingReportingOverflow(product)
            guard !isTooLarge, !overflow else { return .max }
            sum = next
        }
        let (whole, rest) = sum.quotientAndRemainder(dividingBy: Self.parts)
        return Int64(exactly: rest * 2 >= Self.parts ? whole + 1 : whole).map { Nanodollars($0) } ?? .max
    }
}
