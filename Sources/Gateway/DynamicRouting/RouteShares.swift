/// How a percentage element splits requests.
struct RouteShares: Sendable {
    /// Parts of one percent that are told apart.
    static let partsPerPercent: UInt64 = 10_000
    static let whole = 100 * partsPerPercent
    /// Digits behind the point of a percentage.
    private static let decimals = 4

    /// The upper bound of each share, the last being the whole.
    private let bounds: [UInt64]
    /// What makes this element choose otherwise than the next one, for the same request.
    private let salt: UInt64

    /// - Parameter shares: In parts; they sum to the whole.
    init(_ shares: [UInt64], elementID: String) {
        var sum: UInt64 = 0
        bounds = shares.map { share in
            sum += share
            return sum
        }
        salt = StableHash.hash(elementID)
    }

    /// Which of the shares a request falls into; the same for the same draw.
    func choose(_ draw: UInt64) -> Int {
        let place = StableHash.mix(draw ^ salt).multipliedFullWidth(by: Self.whole).high
        return bounds.firstIndex { place < $0 } ?? max(0, bounds.count - 1)
    }

    /// The parts a name such as `12.5%` or `50% canary` stands for.
    static func parts(of name: String) -> UInt64? {
        let pieces = name.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        guard pieces.count == 2, isLabel(pieces[1]) else { return nil }
        let number = pieces[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = digits(number[0], longest: 3) else { return nil }
        guard number.count == 2 else { return whole * partsPerPercent }
        guard var fraction = digits(number[1], longest: decimals) else { return nil }
        for _ in number[1].utf8.count..<decimals { fraction *= 10 }
        return whole * partsPerPercent + fraction
    }

    private static func isLabel(_ text: Substring) -> Bool {
        guard let first = text.utf8.first else { return true }
        return first == UInt8(ascii: " ") && text.utf8.count <= 1 + RouteBounds.longestShareLabel
    }

    private static func digits(_ text: Substring, longest: Int) -> UInt64? {
        guard (1...longest).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return UInt64(text)
    }
}

/// Hashes that are the same in every process.
enum StableHash {
    /// FNV-1a.
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    /// Spreads every bit over all bits.
    static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9e37_79b9_7f4a_7c15
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
