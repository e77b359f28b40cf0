import Domain
import SQLite

/// Adds up the calls of a batch, so that each row of `usage_days` is written once. Keeps rows as `BalanceChanges` does.
struct UsageChanges {
    static let kept = 4_096

    private static let upsert: StaticString = """
        INSERT INTO usage_days (
            day, key_id, account_id, payer, tag, model, provider, requests, prompt_tokens, completion_tokens, cost,
            own_key_cost
        ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        ON CONFLICT (day, key_id, account_id, payer, tag, model, provider) DO UPDATE SET
            requests = requests + excluded.requests,
            prompt_tokens = prompt_tokens + excluded.prompt_tokens,
            completion_tokens = completion_tokens + excluded.completion_tokens,
            cost = CAST(cost + excluded.cost AS INTEGER),
            own_key_cost = CAST(own_key_cost + excluded.own_key_cost AS INTEGER)
        """

    private struct Entry {
        let dimensions: UsageDimensions
        var sums = UsageSums()
    }

    private var indices: [UsageDimensions: Int] = [:]
    private var entries: [Entry] = []
    private var touched: [Int] = []
    private let row: PreparedStatement

    init(_ database: Database) throws(SQLiteError) {
        row = try database.statement(Self.upsert)
    }

    mutating func add(_ call: borrowing CallRecord) {
        let index = index(of: UsageDimensions(call))
        if entries[index].sums.requests == 0 { touched.append(index) }
        entries[index].sums.add(call)
    }

    mutating func write(day: CalendarDay) throws(SQLiteError) {
        for index in touched { try write(entries[index], day: day.number) }
    }

    /// Makes ready for the next batch, whether or not this one was written.
    mutating func clear() {
        if entries.count > Self.kept {
            indices.removeAll(keepingCapacity: true)
            entries.removeAll(keepingCapacity: true)
        } else {
            for index in touched { entries[index].sums = UsageSums() }
        }
        touched.removeAll(keepingCapacity: true)
    }

    private mutating func index(of dimensions: UsageDimensions) -> Int {
        if let index = indices[dimensions] { return index }
        entries.append(Entry(dimensions: dimensions))
        indices[dimensions] = entries.count - 1
        return entries.count - 1
    }

    private func write(_ entry: borrowing Entry, day: Int64) throws(SQLiteError) {
        try row.bind(day, at: 1)
        try row.bind(entry.dimensions.keyID.rawValue, at: 2)
        try row.bind(entry.dimensions.accountID.rawValue, at: 3)
        try row.bind(entry.dimensions.payer.rawValue, at: 4)
        try row.bind(entry.dimensions.tag, at: 5)
        try row.bind(entry.dimensions.model.rawValue, at: 6)
        try row.bind(entry.dimensions.provider.rawValue, at: 7)
        try row.bind(entry.sums.requests, at: 8)
        try row.bind(entry.sums.promptTokens, at: 9)
        try row.bind(entry.sums.completionTokens, at: 10)
        try row.bind(entry.sums.cost.rawValue, at: 11)
        try row.bind(entry.sums.ownKeyCost.rawValue, at: 12)
        try row.run()
    }
}
