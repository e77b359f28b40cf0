import Domain
import SQLite

extension LogSummary {
    /// Adds a row of time, duration, tokens in and out, cost, feedback and flags.
    mutating func add(_ row: borrowing Row) {
        let created = Timestamp(microseconds: row.integer(at: 0))
        let duration = row.integer(at: 1)
        let (tokensIn, tokensOut) = (row.integer(at: 2), row.integer(at: 3))
        count += 1
        durationMilliseconds = Self.sum(durationMilliseconds, duration)
        self.tokensIn = Self.sum(self.tokensIn, tokensIn)
        self.tokensOut = Self.sum(self.tokensOut, tokensOut)
        timeRange.include(created)
        durationRange.include(duration)
        tokensInRange.include(tokensIn)
        tokensOutRange.include(tokensOut)
        totalTokensRange.include(Self.sum(tokensIn, tokensOut))
        if let amount = row.optionalInteger(at: 4).map({ Nanodollars($0) }) {
            knownCosts += 1
            cost += amount
            costRange.include(amount)
        }
        let flags = EntryFlags(rawValue: row.integer(at: 6))
        if flags.contains(.success) { successes += 1 }
        if flags.contains(.cached) { cached += 1 }
        let feedback = row.integer(at: 5)
        if feedback > 0 { positiveFeedback += 1 } else if feedback < 0 { negativeFeedback += 1 }
    }

    /// Stops at the end of what fits.
    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, isTooLarge) = left.addingReportingOverflow(right)
        return isTooLarge ? (right > 0 ? .max : .min) : sum
    }
}

extension Optional {
    fileprivate mutating func include<Bound>(_ value: Bound) where Wrapped == ClosedRange<Bound> {
        guard let range = self else {
            self = value...value
            return
        }
        if value < range.lowerBound {
            self = value...range.upperBound
        } else if value > range.upperBound {
            self = range.lowerBound...value
        }
    }
}
