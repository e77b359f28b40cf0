import Domain

/// What came in the present window and in the one before.
///
/// Sums are compared times the length of the window in microseconds, so that shares of the window before stay whole.
struct WindowTally: Hashable, Sendable {
    private(set) var index: Int64
    private(set) var current: Int64
    private(set) var previous: Int64

    init(index: Int64, current: Int64 = 0, previous: Int64 = 0) {
        self.index = index
        self.current = current
        self.previous = previous
    }

    var isEmpty: Bool { current == 0 && previous == 0 }

    /// Whether nothing of it counts any more in that window.
    func isPast(in present: Int64) -> Bool {
        isEmpty || index < present && index + 1 < present
    }

    /// Goes to the window of a moment. Moments come out of order by a little, and then the later window stays; a
    /// clock that was set back further begins anew.
    mutating func advance(to next: Int64) {
        guard next != index, index == .min || next != index - 1 else { return }
        previous = index != .max && next == index + 1 ? current : 0
        current = 0
        index = next
    }

    /// Sums that would not fit stop at the end.
    mutating func add(_ amount: Int64) {
        let (sum, overflow) = current.addingReportingOverflow(amount)
        current = overflow ? .max : sum
    }

    /// What counts at a moment, times the length of the window.
    func used(_ window: ClockWindow, at moment: Timestamp) -> Int128 {
        let length = Int128(window.microseconds)
        let whole = Int128(current) * length
        guard window.technique == .sliding else { return whole }
        return whole + Int128(previous) * (length - window.elapsed(of: index, at: moment))
    }

    /// Seconds until at most so much counts, if nothing else comes; rounded up, and at least one.
    ///
    /// - Parameter bound: Times the length of the window. Below zero, which is never, until the next window.
    func wait(_ window: ClockWindow, at moment: Timestamp, until bound: Int128) -> Int {
        let length = Int128(window.microseconds)
        let elapsed = window.elapsed(of: index, at: moment)
        let free = bound - Int128(current) * length
        let wait: Int128
        if window.technique == .fixed || bound < 0 {
            wait = free >= 0 ? 0 : length - elapsed
        } else if free >= 0 {
            wait = Self.sinking(previous, to: free, over: length) - elapsed
        } else {
            wait = length - elapsed + Self.sinking(current, to: bound, over: length)
        }
        return Int(max(1, (wait + 999_999) / 1_000_000))
    }

    /// How far a window must have gone until its share of the amount before is down to that.
    private static func sinking(_ amount: Int64, to rest: Int128, over length: Int128) -> Int128 {
        amount > 0 ? max(0, length - rest / Int128(amount)) : 0
    }
}
