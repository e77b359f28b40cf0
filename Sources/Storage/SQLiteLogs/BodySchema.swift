/// `log-bodies.db`: what was sent and answered, by the id of its log entry.
enum BodySchema {
    static let layout = LogFile.Layout(
        name: "log-bodies.db", applicationID: 0x4149_4742, pageSize: 8_192, writerCacheKibibytes: 4_096,
        steps: [first])

    private static let first: StaticString = """
        CREATE TABLE bodies (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL,
            account TEXT NOT NULL,
            gateway TEXT NOT NULL,
            created INTEGER NOT NULL,
            is_stream INTEGER NOT NULL,
            request BLOB,
            response BLOB,
            UNIQUE (id, account, gateway)
        ) STRICT;

        CREATE INDEX body_times ON bodies (created);
        """
}
