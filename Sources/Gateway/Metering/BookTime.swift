import Domain

/// The time a book lives by: it follows the clock forwards, and never goes back.
///
/// When the clock is set back, no time has passed for windows, which then go on at the clock's pace. Days and months
/// stay with the later one until the clock has come to it again. So a clock set back frees nothing early.
struct BookTime {
    /// The second windows count in.
    private(set) var second: Int64
    /// Days since 1970, UTC.
    private(set) var day: Int
    /// Grows by one with each month.
    private(set) var month: Int

    private var clockSecond: Int64
    /// How far the clock has been set back, all in all.
    private var lost: Int64 = 0
    /// The first second of the day that follows, by the clock.
    private var nextDay: Int64

    init(_ now: Timestamp) {
        second = now.seconds
        clockSecond = now.seconds
        let today = CalendarDay(now)
        day = today.daysSince1970
        month = Self.number(of: today.calendarMonth)
        nextDay = Int64(day + 1) * 86_400
    }

    mutating func advance(to now: Timestamp) {
        let seconds = now.seconds
        guard seconds != clockSecond else { return }
        if seconds < clockSecond { lost += clockSecond - seconds }
        clockSecond = seconds
        second = seconds + lost
        guard seconds >= nextDay else { return }
        let today = CalendarDay(now)
        day = today.daysSince1970
        month = Self.number(of: today.calendarMonth)
        nextDay = Int64(day + 1) * 86_400
    }

    static func number(of month: CalendarMonth) -> Int { month.year * 12 + month.month }
}
