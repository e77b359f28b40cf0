extension Schema {
    /// Requests that are not done twice.
    static let namedRequests: StaticString = """
        CREATE TABLE named_requests (
            account_id TEXT NOT NULL REFERENCES accounts (id),
            subject TEXT NOT NULL,
            name BLOB NOT NULL,
            body BLOB NOT NULL,
            object_id TEXT NOT NULL,
            key_id TEXT NOT NULL,
            made_at INTEGER NOT NULL,
            PRIMARY KEY (account_id, subject, name)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX named_requests_by_age ON named_requests (made_at);
        """
}
