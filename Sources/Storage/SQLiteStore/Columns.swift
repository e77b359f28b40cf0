import Domain
import SQLite

extension Value {
    init(_ text: String?) {
        self = text.map { .text($0) } ?? .null
    }

    init(_ number: Int?) {
        self = number.map { .integer(Int64($0)) } ?? .null
    }

    init(_ amount: Nanodollars?) {
        self = amount.map { .integer($0.rawValue) } ?? .null
    }

    init(_ moment: Timestamp?) {
        self = moment.map { .integer($0.microseconds) } ?? .null
    }
}

extension Limits {
    /// In the order of their five columns.
    var columns: [Value] {
        [Value(requestsPerMinute), Value(tokensPerMinute), Value(concurrency), Value(daily), Value(monthly)]
    }

    /// Reads five columns that stand side by side.
    init(_ row: borrowing Row, at column: Int32) {
        self.init(
            requestsPerMinute: row.optionalInteger(at: column).map { Int($0) },
            tokensPerMinute: row.optionalInteger(at: column + 1).map { Int($0) },
            concurrency: row.optionalInteger(at: column + 2).map { Int($0) },
            daily: row.optionalAmount(at: column + 3), monthly: row.optionalAmount(at: column + 4))
    }
}

extension Row {
    func amount(at column: Int32) -> Nanodollars { Nanodollars(integer(at: column)) }

    func optionalAmount(at column: Int32) -> Nanodollars? { optionalInteger(at: column).map { Nanodollars($0) } }

    func moment(at column: Int32) -> Timestamp { Timestamp(microseconds: integer(at: column)) }

    func optionalMoment(at column: Int32) -> Timestamp? {
        optionalInteger(at: column).map(Timestamp.init(microseconds:))
    }
}

/// Not the monthly one.
typealias PreparedStatement = SQLite.Statement

extension PreparedStatement {
    /// Runs with values, for where speed does not matter.
    func run(_ values: [Value]) throws(SQLiteError) {
        try bind(values)
        try run()
    }
}
