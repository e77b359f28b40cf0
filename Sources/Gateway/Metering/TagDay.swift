import Domain

/// Which tags payers have used today. Forgotten when a day begins.
struct TagDay {
    /// Hashes, for what matters is how many there are: two tags that have the same are taken for one.
    private var known: Set<Int> = []
    private var counts: [AccountID: Int] = [:]
    private var day = 0

    enum Verdict: Hashable {
        case known
        case new
        /// The payer has used as many as a day allows.
        case tooMany
        /// All payers together have.
        case full
    }

    func verdict(on tag: String, of payer: AccountID, at time: BookTime, _ bounds: TreasuryBounds) -> Verdict {
        guard day == time.day else { return .new }
        if known.contains(Self.mark(tag, payer)) { return .known }
        if counts[payer, default: 0] >= bounds.tagsPerDay { return .tooMany }
        return known.count < bounds.tagsOfAllPerDay ? .new : .full
    }

    mutating func insert(_ tag: String, of payer: AccountID, at time: BookTime) {
        if day != time.day { self = TagDay(on: time.day) }
        if known.insert(Self.mark(tag, payer)).inserted { counts[payer, default: 0] += 1 }
    }

    init(on day: Int = 0) {
        self.day = day
    }

    private static func mark(_ tag: String, _ payer: AccountID) -> Int {
        var hasher = Hasher()
        hasher.combine(payer)
        hasher.combine(tag)
        return hasher.finalize()
    }
}
