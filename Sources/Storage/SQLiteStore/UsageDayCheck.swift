import Domain
import SQLite

/// Sums calls a day at a time, and compares with the sums that were written with them.
struct UsageDayCheck {
    private let database: Database
    private var day: Int64 = .min
    private var sums: [UsageDimensions: UsageSums] = [:]

    init(_ database: Database) {
        self.database = database
    }

    mutating func add(_ call: StoredCall, _ differences: inout Differences) throws(SQLiteError) {
        // From before days were summed.
        guard let moment = call.committedAt else { return }
        let callDay = CalendarDay(moment).number
        if callDay < day {
            differences.add(
                "call \(call.rowID) (\(call.record.requestID)): written on an earlier day than the one before")
            return
        }
        if callDay > day { try turn(to: callDay, &differences) }
        sums[UsageDimensions(call.record), default: UsageSums()].add(call.record)
    }

    mutating func finish(_ differences: inout Differences) throws(SQLiteError) {
        try turn(to: .max, &differences)
    }

    /// Compares the day that is over, and those until the next one, which have no calls.
    private mutating func turn(to next: Int64, _ differences: inout Differences) throws(SQLiteError) {
        let select = try database.statement("SELECT * FROM usage_days WHERE day >= ?1 AND day < ?2")
        try select.bind(day, at: 1)
        try select.bind(next, at: 2)
        try select.eachRow { (row) throws(SQLiteError) in
            let (rowDay, dimensions, written) = (row.integer(at: 0), UsageDimensions(row), UsageSums(row))
            let summed = rowDay == day ? sums.removeValue(forKey: dimensions) : nil
            if summed != written { differences.add(Self.text(rowDay, dimensions, written, summed)) }
        }
        for (dimensions, summed) in sums { differences.add(Self.text(day, dimensions, nil, summed)) }
        sums.removeAll(keepingCapacity: true)
        day = next
    }

    private static func text(
        _ day: Int64, _ dimensions: UsageDimensions, _ written: UsageSums?, _ summed: UsageSums?
    ) -> String {
        let day = CalendarDay(daysSince1970: Int(day)).text
        return "usage of \(dimensions.keyID) with \(dimensions.model) on \(day): \(text(written)) are written, "
            + "\(text(summed)) were made"
    }

    private static func text(_ sums: UsageSums?) -> String {
        guard let sums else { return "no calls" }
        return "\(sums.requests) calls of \(sums.promptTokens)+\(sums.completionTokens) tokens for "
            + "\(sums.cost.rawValue)+\(sums.ownKeyCost.rawValue)"
    }
}
