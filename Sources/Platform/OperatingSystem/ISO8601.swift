/// Times of day written as ISO 8601 in UTC.
public enum ISO8601 {
    /// Writes a wall time such as `2026-11-21T00:13:05.123Z`; what is finer than a millisecond is cut off.
    public static func format(wallMicroseconds: Int64) -> String {
        let milliseconds = floorDivide(wallMicroseconds, by: 1_000)
        let (days, inDay) = (floorDivide(milliseconds, by: 86_400_000), floorRemainder(milliseconds, by: 86_400_000))
        let date = civilDate(daysSince1970: days)
        let seconds = inDay / 1_000
        let day = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
        let time = "\(padded(seconds / 3_600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        return "\(day)T\(time).\(padded(inDay % 1_000, 3))Z"
    }

    /// The Gregorian date of a day. Years are counted from March, so that the leap day comes last.
    private static func civilDate(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let daysPerEra: Int64 = 146_097
        let shifted = days + 719_468
        let era = floorDivide(shifted, by: daysPerEra)
        let dayOfEra = floorRemainder(shifted, by: daysPerEra)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func floorRemainder(_ value: Int64, by divisor: Int64) -> Int64 {
        let remainder = value % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }

    private static func floorDivide(_ value: Int64, by divisor: Int64) -> Int64 {
        value / divisor - (value % divisor < 0 ? 1 : 0)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
