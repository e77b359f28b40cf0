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

    /// Microseconds since 1970 of `2026-11-21`, `2026-11-21T00:13:05Z`, with a fraction of up to six figures and an
    /// offset such as `+01:00` if wanted. Nil for anything else.
    public static func parse(_ text: String) -> Int64? {
        var rest = text.utf8[...]
        guard text.utf8.count <= 40, let year = digits(4, &rest), take("-", &rest), let month = digits(2, &rest),
            take("-", &rest), let day = digits(2, &rest), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let midnight = daysSince1970(year, month, day) * 86_400
        guard civilDate(daysSince1970: midnight / 86_400).day == day else { return nil }
        if rest.isEmpty { return midnight * 1_000_000 }
        guard take("T", &rest) || take("t", &rest) || take(" ", &rest), let hour = digits(2, &rest), take(":", &rest),
            let minute = digits(2, &rest), take(":", &rest), let second = digits(2, &rest), hour < 24, minute < 60,
            second <= 60, let fraction = fraction(&rest), let offset = offset(&rest), rest.isEmpty
        else { return nil }
        let seconds: Int64 = midnight + hour * 3_600 + minute * 60 + second - offset
        return seconds * 1_000_000 + fraction
    }

    private static func take(_ mark: Unicode.Scalar, _ rest: inout Substring.UTF8View) -> Bool {
        guard rest.first == UInt8(ascii: mark) else { return false }
        rest.removeFirst()
        return true
    }

    private static func digits(_ count: Int, _ rest: inout Substring.UTF8View) -> Int64? {
        let part = rest.prefix(count)
        guard part.count == count, part.allSatisfy({ (48...57).contains($0) }) else { return nil }
        rest = rest.dropFirst(count)
        return Int64(String(Substring(part)))
    }

    /// What stands behind the seconds' point, in microseconds.
    private static func fraction(_ rest: inout Substring.UTF8View) -> Int64? {
        guard take(".", &rest) else { return 0 }
        let figures = rest.prefix { (48...57).contains($0) }
        guard (1...9).contains(figures.count) else { return nil }
        rest = rest[figures.endIndex...]
        let six = (String(Substring(figures)) + "000000").prefix(6)
        return Int64(six)
    }

    /// Seconds east of Greenwich.
    private static func offset(_ rest: inout Substring.UTF8View) -> Int64? {
        if take("Z", &rest) || take("z", &rest) { return 0 }
        let sign: Int64 = rest.first == UInt8(ascii: "-") ? -1 : 1
        guard take("+", &rest) || take("-", &rest), let hours = digits(2, &rest), take(":", &rest),
            let minutes = digits(2, &rest), hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 3_600 + minutes * 60)
    }

    /// The inverse of `civilDate`.
    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = floorDivide(shiftedYear, by: 400)
        let yearOfEra = shiftedYear - era * 400
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
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
