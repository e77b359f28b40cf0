public import Domain
import SQLite

extension SQLiteStore: ReloadStore {
    public func autoReloads() throws(StoreError) -> [AutoReload] {
        try keys.read { (database) throws(SQLiteError) in
            try database.statement("SELECT * FROM auto_reloads ORDER BY account_id").rows { row in AutoReload(row) }
        }
    }

    public func reloadAttemptsUnderWay() throws(StoreError) -> [ReloadAttempt] {
        try keys.read { (database) throws(SQLiteError) in
            try database.statement(
                "SELECT * FROM reload_attempts WHERE state IN ('asked', 'processing', 'taken') ORDER BY began_at, id"
            ).rows { (row) throws(SQLiteError) in try ReloadAttempt(row) }
        }
    }

    public func reloadAttempt(_ id: String) throws(StoreError) -> ReloadAttempt? {
        try keys.read { (database) throws(SQLiteError) in
            let select = try database.statement("SELECT * FROM reload_attempts WHERE id = ?1")
            try select.bind(id, at: 1)
            return try select.first { (row) throws(SQLiteError) in try ReloadAttempt(row) }
        }
    }

    public func reloadAttempts(of account: AccountID, since: Timestamp) throws(StoreError) -> Int {
        try keys.read { (database) throws(SQLiteError) in
            let select = try database.statement(
                """
                SELECT count(*) FROM reload_attempts
                WHERE account_id = ?1 AND began_at >= ?2 AND state <> 'failed'
                """)
            try select.bind([.text(account.rawValue), Value(since)])
            return Int(try select.first { row in row.integer(at: 0) } ?? 0)
        }
    }

    public func write(_ reload: AutoReload, _ attempt: ReloadAttempt?) throws(StoreError) {
        try keys.write { (database) throws(SQLiteError) in
            try database.transaction { () throws(SQLiteError) in
                try database.statement(
                    "INSERT OR REPLACE INTO auto_reloads VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
                ).run(reload.columns)
                guard let attempt else { return }
                // Not in the place of others: a conflict with an attempt under way must not remove that one.
                try database.statement(
                    """
                    INSERT INTO reload_attempts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                    ON CONFLICT (id) DO UPDATE SET state = excluded.state, payment_intent = excluded.payment_intent
                    """
                ).run(attempt.columns)
            }
        }
    }
}

extension AutoReload {
    fileprivate var columns: [Value] {
        [
            .text(accountID.rawValue), .integer(isEnabled ? 1 : 0), thresholdCents.map { .integer($0) } ?? .null,
            amountCents.map { .integer($0) } ?? .null, Value(method?.customer), Value(method?.id),
            Value(method?.brand), Value(method?.last4), Value(methodChangedAt), .integer(Int64(failures)),
            Value(pausedUntil), Value(lastAttemptAt), Value(lastError),
        ]
    }

    /// Reads a row of `auto_reloads` selected with `*`.
    fileprivate init(_ row: borrowing Row) {
        self.init(AccountID(row.text(at: 0)))
        isEnabled = row.integer(at: 1) != 0
        thresholdCents = row.optionalInteger(at: 2)
        amountCents = row.optionalInteger(at: 3)
        if let customer = row.optionalText(at: 4), let id = row.optionalText(at: 5) {
            method = SavedPaymentMethod(
                customer: customer, id: id, brand: row.optionalText(at: 6), last4: row.optionalText(at: 7))
        }
        methodChangedAt = row.optionalMoment(at: 8)
        failures = Int(row.integer(at: 9))
        pausedUntil = row.optionalMoment(at: 10)
        lastAttemptAt = row.optionalMoment(at: 11)
        lastError = row.optionalText(at: 12)
    }
}

extension ReloadAttempt {
    fileprivate var columns: [Value] {
        [
            .text(id), .text(accountID.rawValue), .integer(amountCents), .text(customer), .text(paymentMethod),
            Value(beganAt), .text(state.rawValue), Value(paymentIntent),
        ]
    }

    /// Reads a row of `reload_attempts` selected with `*`.
    fileprivate init(_ row: borrowing Row) throws(SQLiteError) {
        guard let state = State(rawValue: row.text(at: 6)) else { throw .corruptValue("reload_attempts.state") }
        self.init(
            id: row.text(at: 0), accountID: AccountID(row.text(at: 1)), amountCents: row.integer(at: 2),
            customer: row.text(at: 3), paymentMethod: row.text(at: 4), beganAt: row.moment(at: 5), state: state,
            paymentIntent: row.optionalText(at: 7))
    }
}
