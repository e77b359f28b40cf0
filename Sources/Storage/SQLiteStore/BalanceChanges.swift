import Domain
import SQLite

/// Adds up what a batch moves, so that each balance is written once.
///
/// Keeps places and their names from batch to batch: a lone call looks them up and inserts nothing.
struct BalanceChanges {
    /// Places kept; beyond it all are forgotten and met anew.
    static let kept = 4_096

    /// Sums that do not fit stop at the end, as everywhere: SQLite makes them floating, and the cast stops them. An
    /// absurd figure of a vendor must not keep all further calls from being recorded.
    private static let upsert: StaticString = """
        INSERT INTO balances (account, amount) VALUES (?1, ?2)
        ON CONFLICT (account) DO UPDATE SET amount = CAST(amount + excluded.amount AS INTEGER)
        """

    private struct Place {
        let name: String
        var change = Nanodollars.zero
        var isTouched = false
    }

    private var indices: [LedgerAccount: Int] = [:]
    private var places: [Place] = []
    private var touched: [Int] = []
    private let row: PreparedStatement

    init(_ database: Database) throws(SQLiteError) {
        row = try database.statement(Self.upsert)
    }

    /// Returns the names of the two places.
    mutating func add(_ transfer: borrowing Transfer) -> (from: String, to: String) {
        (change(transfer.from, by: .zero - transfer.amount), change(transfer.to, by: transfer.amount))
    }

    mutating func write() throws(SQLiteError) {
        for index in touched {
            try row.bind(places[index].name, at: 1)
            try row.bind(places[index].change.rawValue, at: 2)
            try row.run()
        }
    }

    /// Makes ready for the next batch, whether or not this one was written.
    mutating func clear() {
        if places.count > Self.kept {
            indices.removeAll(keepingCapacity: true)
            places.removeAll(keepingCapacity: true)
        } else {
            for index in touched {
                places[index].change = .zero
                places[index].isTouched = false
            }
        }
        touched.removeAll(keepingCapacity: true)
    }

    private mutating func change(_ account: LedgerAccount, by amount: Nanodollars) -> String {
        let index = indices[account] ?? meet(account)
        places[index].change += amount
        if !places[index].isTouched {
            places[index].isTouched = true
            touched.append(index)
        }
        return places[index].name
    }

    private mutating func meet(_ account: LedgerAccount) -> Int {
        places.append(Place(name: account.name))
        indices[account] = places.count - 1
        return places.count - 1
    }
}
