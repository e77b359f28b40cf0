import SQLite

/// The file's layout, as a list of steps. A step that has been released is never changed.
enum Schema {
    /// "AIGW": tells the gateway's files from other SQLite databases.
    static let applicationID: Int64 = 0x4149_4757

    static var version: Int64 { Int64(steps.count) }

    static let steps: [StaticString] = [
        """
        CREATE TABLE accounts (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE keys (
            id TEXT NOT NULL PRIMARY KEY,
            account_id TEXT NOT NULL REFERENCES accounts (id),
            name TEXT NOT NULL,
            prefix TEXT NOT NULL,
            hash BLOB NOT NULL UNIQUE,
            created_at INTEGER NOT NULL,
            revoked_at INTEGER
        ) STRICT;

        CREATE INDEX keys_of_account ON keys (account_id);

        -- Counts changes to accounts and keys, so that every process sees every other's.
        CREATE TABLE key_generation (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            value INTEGER NOT NULL
        ) STRICT;
        INSERT INTO key_generation (id, value) VALUES (1, 0);

        CREATE TRIGGER account_inserted AFTER INSERT ON accounts
            BEGIN UPDATE key_generation SET value = value + 1; END;
        CREATE TRIGGER account_updated AFTER UPDATE ON accounts
            BEGIN UPDATE key_generation SET value = value + 1; END;
        CREATE TRIGGER account_deleted AFTER DELETE ON accounts
            BEGIN UPDATE key_generation SET value = value + 1; END;
        CREATE TRIGGER key_inserted AFTER INSERT ON keys
            BEGIN UPDATE key_generation SET value = value + 1; END;
        CREATE TRIGGER key_updated AFTER UPDATE ON keys
            BEGIN UPDATE key_generation SET value = value + 1; END;
        CREATE TRIGGER key_deleted AFTER DELETE ON keys
            BEGIN UPDATE key_generation SET value = value + 1; END;

        -- Written once for each call: no index but the row id, so that a commit touches the last page only.
        CREATE TABLE calls (
            id INTEGER PRIMARY KEY,
            request_id TEXT NOT NULL,
            account_id TEXT NOT NULL,
            key_id TEXT NOT NULL,
            model TEXT NOT NULL,
            provider TEXT NOT NULL,
            upstream_model TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            duration INTEGER NOT NULL,
            first_byte INTEGER,
            streamed INTEGER NOT NULL,
            outcome INTEGER NOT NULL,
            status INTEGER NOT NULL,
            error_reason TEXT,
            prompt_tokens INTEGER NOT NULL,
            completion_tokens INTEGER NOT NULL,
            total_tokens INTEGER NOT NULL,
            cached_prompt_tokens INTEGER NOT NULL,
            reasoning_tokens INTEGER NOT NULL,
            usage_source INTEGER NOT NULL
        ) STRICT;
        """,
        // Rows written before have no such parts, as far as anybody knows.
        """
        ALTER TABLE calls ADD COLUMN cache_write_tokens INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE calls ADD COLUMN prompt_audio_tokens INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE calls ADD COLUMN prompt_image_tokens INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE calls ADD COLUMN completion_audio_tokens INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE calls ADD COLUMN completion_image_tokens INTEGER NOT NULL DEFAULT 0;
        """,
        money,
        documents,
        autoReload,
        namedRequests,
    ]

    /// Applies the steps that the file does not have yet: all of them or none.
    static func bringUpToDate(_ database: Database) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            // Read under the write lock: another process may have been first.
            let done = Int(try database.pragma(.userVersion))
            guard done < steps.count else { return }
            for step in steps[done...] { try database.execute(step) }
            try database.setPragma(.applicationID, to: applicationID)
            try database.setPragma(.userVersion, to: version)
        }
    }
}
