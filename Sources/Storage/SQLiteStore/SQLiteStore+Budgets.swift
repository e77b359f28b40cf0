public import Domain
import SQLite

extension SQLiteStore {
    public func budgets() throws(StoreError) -> [Budget] {
        try keys.read { (database) throws(SQLiteError) in
            try database.statement("SELECT * FROM budgets ORDER BY created_at, id")
                .rows { (row) throws(SQLiteError) in try Budget(row) }
        }
    }

    public func insert(_ budget: Budget) throws(StoreError) {
        try keys.write { (database) throws(SQLiteError) in
            try database.statement(
                """
                INSERT INTO budgets (
                    id, tag, requests_per_minute, tokens_per_minute, concurrency, daily, monthly, action, thresholds,
                    account_id, created_at
                ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                """
            ).run(budget.columns + [.text(budget.accountID.rawValue), Value(budget.createdAt)])
        }
    }

    /// Writes everything but the id, the account and the day of making. Returns whether there is such a budget.
    public func update(_ budget: Budget) throws(StoreError) -> Bool {
        try keys.write { (database) throws(SQLiteError) in
            try database.statement(
                """
                UPDATE budgets SET
                    tag = ?2, requests_per_minute = ?3, tokens_per_minute = ?4, concurrency = ?5, daily = ?6,
                    monthly = ?7, action = ?8, thresholds = ?9
                WHERE id = ?1
                """
            ).run(budget.columns)
            return database.changedRows > 0
        }
    }

    public func removeBudget(_ id: BudgetID) throws(StoreError) -> Bool {
        try keys.write { (database) throws(SQLiteError) in
            try database.run("DELETE FROM budgets WHERE id = ?1", .text(id.rawValue))
            return database.changedRows > 0
        }
    }
}

extension Budget {
    /// The id and what may change, in the order of the statements above.
    fileprivate var columns: [Value] {
        [.text(id.rawValue), .text(tag)] + limits.columns
            + [.text(action.rawValue), Value(TextList.column(thresholds.map(String.init)))]
    }

    /// Reads a row of `budgets` selected with `*`.
    fileprivate init(_ row: borrowing Row) throws(SQLiteError) {
        guard let action = Action(rawValue: row.text(at: 8)) else { throw .corruptValue("budgets.action") }
        let thresholds = TextList.texts(row.optionalText(at: 9))
        let percents = thresholds.compactMap { Int($0) }
        guard percents.count == thresholds.count else { throw .corruptValue("budgets.thresholds") }
        self.init(
            id: BudgetID(row.text(at: 0)), accountID: AccountID(row.text(at: 1)), tag: row.text(at: 2),
            limits: Limits(row, at: 3), action: action, thresholds: percents, createdAt: row.moment(at: 10))
    }
}
