import Domain
import SQLite

/// The movements of one call, as the journal has them.
struct CallTransfers {
    struct Movement: Hashable {
        let from: String
        let to: String
        let amount: Int64
    }

    let callID: Int64?
    private(set) var movements: [Movement] = []

    init(of callID: Int64? = nil) {
        self.callID = callID
    }

    /// Reads a row of call, from, to and amount. Spelled as they are: a changed row need not make sense.
    mutating func add(_ row: borrowing Row) {
        movements.append(Movement(from: row.text(at: 1), to: row.text(at: 2), amount: row.integer(at: 3)))
    }
}

/// Whether a call cost what it should, and the journal has that.
enum CallCheck {
    static func run(
        _ call: StoredCall, _ movements: [CallTransfers.Movement], _ differences: inout Differences
    ) {
        let expected = call.record.charge.transfers(to: call.record.provider).map { transfer in
            CallTransfers.Movement(
                from: transfer.from.name, to: transfer.to.name, amount: transfer.amount.rawValue)
        }
        if movements != expected {
            let how = movements == expected + expected ? "are there twice" : "are not what it cost"
            differences.add("call \(call.rowID) (\(call.record.requestID)): its transfers \(how)")
        }
        if let problem = problem(of: call.record) {
            differences.add("call \(call.rowID) (\(call.record.requestID)): \(problem)")
        }
    }

    private static func problem(of call: CallRecord) -> String? {
        let charge = call.charge
        if charge.cost < .zero { return "its cost is below zero" }
        if charge.isOnOwnKey && charge.cost != .zero {
            return "it was made with the caller's own key and cost something"
        }
        guard let prices = charge.prices else { return nil }
        let cost = prices.cost(of: call.usage)
        if charge.vendorCost != cost {
            let recorded = charge.vendorCost.map { String($0.rawValue) } ?? "nothing"
            return "the vendor's cost is \(recorded), its prices say \(cost.rawValue)"
        }
        if charge.cost > cost { return "it cost \(charge.cost.rawValue), its prices say \(cost.rawValue)" }
        return nil
    }
}

/// Calls in the order of their rows, a page at a time.
struct CallPages {
    private static let pageSize: Int64 = 500

    private let database: Database
    private var page: ArraySlice<StoredCall> = []
    private var latest: Int64 = .min
    private var isAtEnd = false

    init(_ database: Database) {
        self.database = database
    }

    /// The next call, unless its row comes after that one.
    mutating func next(through last: Int64 = .max) throws(SQLiteError) -> StoredCall? {
        if page.isEmpty { try turn() }
        guard let call = page.first, call.rowID <= last else { return nil }
        page.removeFirst()
        return call
    }

    private mutating func turn() throws(SQLiteError) {
        guard !isAtEnd else { return }
        let select = try database.statement("SELECT * FROM calls WHERE id > ?1 ORDER BY id LIMIT ?2")
        try select.bind(latest, at: 1)
        try select.bind(Self.pageSize, at: 2)
        page = try select.rows(CallColumns.read)[...]
        if let last = page.last { latest = last.rowID } else { isAtEnd = true }
    }
}
