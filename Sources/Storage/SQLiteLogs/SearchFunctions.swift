import SQLite

/// What the SQL of one question asks Swift about, by number.
final class SearchFunctions {
    enum Bytes {
        case text(TextTest)
        case metadata(MetadataTest)
    }

    private var bytes: [Bytes] = []
    private var sets: [Set<Int64>] = []
    private var ranks: [[Int64: Int64]] = []

    /// Makes the tests callable in the connection's SQL.
    func install(in database: Database) throws(SQLiteError) {
        try database.define(test: "fits") { value, number in self.fits(value, number) }
        try database.define(map: "among") { value, number in
            self.sets[Int(number)].contains(value) ? 1 : 0
        }
        try database.define(map: "rank") { value, number in self.ranks[Int(number)][value] ?? -1 }
    }

    func removeAll() {
        bytes.removeAll()
        sets.removeAll()
        ranks.removeAll()
    }

    func condition(on column: SQLText, _ test: Bytes) -> Condition {
        bytes.append(test)
        return .sql("fits(" + column + ", ?)", [.integer(Int64(bytes.count - 1))])
    }

    func condition(on column: SQLText, among numbers: Set<Int64>) -> Condition {
        if numbers.count <= Self.mostInSQL { return .isOne(of: numbers.map { .integer($0) }, column) }
        sets.append(numbers)
        return .sql("among(" + column + ", ?)", [.integer(Int64(sets.count - 1))])
    }

    /// The place of a number in the order; nothing where there is no number.
    func rank(of column: SQLText, in order: [Int64]) -> (SQLText, Value) {
        var places: [Int64: Int64] = [:]
        places.reserveCapacity(order.count)
        for (place, number) in order.enumerated() { places[number] = Int64(place) }
        ranks.append(places)
        return ("rank(" + column + ", ?)", .integer(Int64(ranks.count - 1)))
    }

    /// More than these are told apart faster by a set.
    private static let mostInSQL = 4

    private func fits(_ value: Span<UInt8>, _ number: Int64) -> Bool {
        switch bytes[Int(number)] {
        case .text(let test): test.fits(value)
        case .metadata(let test): test.fits(value)
        }
    }
}
