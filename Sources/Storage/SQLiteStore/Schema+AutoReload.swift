extension Schema {
    /// Automatic top-ups: who wants them, and each that was asked for.
    static let autoReload: StaticString = """
        CREATE TABLE auto_reloads (
            account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id),
            is_enabled INTEGER NOT NULL,
            threshold_cents INTEGER,
            amount_cents INTEGER,
            customer TEXT,
            payment_method TEXT,
            brand TEXT,
            last4 TEXT,
            method_changed_at INTEGER,
            failures INTEGER NOT NULL,
            paused_until INTEGER,
            last_attempt_at INTEGER,
            last_error TEXT
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE reload_attempts (
            id TEXT NOT NULL PRIMARY KEY,
            account_id TEXT NOT NULL REFERENCES accounts (id),
            amount_cents INTEGER NOT NULL,
            customer TEXT NOT NULL,
            payment_method TEXT NOT NULL,
            began_at INTEGER NOT NULL,
            state TEXT NOT NULL,
            payment_intent TEXT UNIQUE
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX reload_attempts_of_account ON reload_attempts (account_id, began_at);

        -- Nobody is charged twice at a time.
        CREATE UNIQUE INDEX reload_attempts_under_way ON reload_attempts (account_id)
            WHERE state IN ('asked', 'processing', 'taken');
        """
}
