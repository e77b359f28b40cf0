/// How much came in the last sixty seconds: an exact count in sixty buckets of a second each.
///
/// What came in a second leaves when that second is sixty seconds old, all at once.
struct RateWindow {
    static let seconds: Int64 = 60

    /// What is in the window.
    private(set) var total: Int64 = 0
    private(set) var second: Int64
    private var buckets: [Int64]

    init(at second: Int64) {
        self.second = second
        buckets = Array(repeating: 0, count: Int(Self.seconds))
    }

    mutating func advance(to next: Int64) {
        guard next > second else { return }
        let oldest = max(second + 1, next - Self.seconds + 1)
        if total != 0 {
            for passed in oldest...next {
                let index = Self.index(of: passed)
                total -= buckets[index]
                buckets[index] = 0
            }
        }
        second = next
    }

    /// Counts in the present second. Returns false, and counts nothing, when the sum would not fit.
    mutating func add(_ count: Int64) -> Bool {
        guard count <= Int64.max - total else { return false }
        total += count
        buckets[Self.index(of: second)] += count
        return true
    }

    /// Changes what was counted in a second, unless that has left the window.
    mutating func correct(from counted: Int64, to used: Int64, at moment: Int64) {
        guard moment > second - Self.seconds, moment <= second else { return }
        let rest = total - counted
        let fitting = min(used, Int64.max - rest)
        total = rest + fitting
        buckets[Self.index(of: moment)] += fitting - counted
    }

    /// Seconds until so much has left that `wanted` fits below the limit; the whole window when it never will.
    func wait(for wanted: Int64, limit: Int64) -> Int {
        guard wanted <= limit else { return Int(Self.seconds) }
        let surplus = total - (limit - wanted)
        guard surplus > 0 else { return 0 }
        return leaving { $0 >= surplus }
    }

    /// Seconds until something leaves; none when the window is empty.
    var secondsToNext: Int { total == 0 ? 0 : leaving { $0 > 0 } }

    /// Seconds until what has left by then is enough.
    private func leaving(_ isEnough: (Int64) -> Bool) -> Int {
        var left: Int64 = 0
        for age in 1...Self.seconds {
            left += buckets[Self.index(of: second - Self.seconds + age)]
            if isEnough(left) { return Int(age) }
        }
        return Int(Self.seconds)
    }

    private static func index(of second: Int64) -> Int {
        let rest = Int(second % seconds)
        return rest < 0 ? rest + Int(seconds) : rest
    }
}
