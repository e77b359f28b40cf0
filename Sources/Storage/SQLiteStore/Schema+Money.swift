extension Schema {
    /// Money: its journal, what calls cost, who is held to what. Amounts are nano-dollars.
    static let money: StaticString = """
        ALTER TABLE accounts ADD COLUMN plan TEXT NOT NULL DEFAULT 'payg';
        ALTER TABLE accounts ADD COLUMN parent_id TEXT REFERENCES accounts (id);
        ALTER TABLE accounts ADD COLUMN external_reference TEXT;
        ALTER TABLE accounts ADD COLUMN default_tag TEXT;
        ALTER TABLE accounts ADD COLUMN requests_per_minute INTEGER;
        ALTER TABLE accounts ADD COLUMN tokens_per_minute INTEGER;
        ALTER TABLE accounts ADD COLUMN concurrency INTEGER;
        ALTER TABLE accounts ADD COLUMN daily INTEGER;
        ALTER TABLE accounts ADD COLUMN monthly INTEGER;
        ALTER TABLE accounts ADD COLUMN allowed_models TEXT;
        ALTER TABLE accounts ADD COLUMN closed_at INTEGER;

        ALTER TABLE keys ADD COLUMN role TEXT NOT NULL DEFAULT 'member';
        ALTER TABLE keys ADD COLUMN requests_per_minute INTEGER;
        ALTER TABLE keys ADD COLUMN tokens_per_minute INTEGER;
        ALTER TABLE keys ADD COLUMN concurrency INTEGER;
        ALTER TABLE keys ADD COLUMN daily INTEGER;
        ALTER TABLE keys ADD COLUMN monthly INTEGER;
        ALTER TABLE keys ADD COLUMN allowed_models TEXT;
        ALTER TABLE keys ADD COLUMN allowed_addresses TEXT;
        ALTER TABLE keys ADD COLUMN expires_at INTEGER;
        ALTER TABLE keys ADD COLUMN replaces TEXT;

        -- Who had the gateway until now goes on as its owner.
        UPDATE accounts SET plan = 'postpaid' WHERE id = 'acc_root';
        UPDATE keys SET role = 'root' WHERE account_id = 'acc_root';

        CREATE TABLE budgets (
            id TEXT NOT NULL PRIMARY KEY,
            account_id TEXT NOT NULL REFERENCES accounts (id),
            tag TEXT NOT NULL,
            requests_per_minute INTEGER,
            tokens_per_minute INTEGER,
            concurrency INTEGER,
            daily INTEGER,
            monthly INTEGER,
            action TEXT NOT NULL,
            thresholds TEXT,
            created_at INTEGER NOT NULL,
            UNIQUE (account_id, tag)
        ) STRICT;

        CREATE TABLE vendor_keys (
            id TEXT NOT NULL PRIMARY KEY,
            account_id TEXT NOT NULL REFERENCES accounts (id),
            provider TEXT NOT NULL,
            alias TEXT NOT NULL,
            weight INTEGER NOT NULL,
            sealed BLOB NOT NULL,
            hint TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            revoked_at INTEGER
        ) STRICT;

        CREATE TRIGGER budget_inserted AFTER INSERT ON budgets
            BEGIN UPDATE key_generation SET value = value + 1; END;
        CREATE TRIGGER budget_updated AFTER UPDATE ON budgets
            BEGIN UPDATE key_generation SET value = value + 1; END;
        CREATE TRIGGER budget_deleted AFTER DELETE ON budgets
            BEGIN UPDATE key_generation SET value = value + 1; END;
        CREATE TRIGGER vendor_key_inserted AFTER INSERT ON vendor_keys
            BEGIN UPDATE key_generation SET value = value + 1; END;
        CREATE TRIGGER vendor_key_updated AFTER UPDATE ON vendor_keys
            BEGIN UPDATE key_generation SET value = value + 1; END;
        CREATE TRIGGER vendor_key_deleted AFTER DELETE ON vendor_keys
            BEGIN UPDATE key_generation SET value = value + 1; END;

        -- Null in rows written before, which cost nobody anything.
        ALTER TABLE calls ADD COLUMN committed_at INTEGER;
        ALTER TABLE calls ADD COLUMN tag TEXT;
        -- Null when the account itself pays.
        ALTER TABLE calls ADD COLUMN payer TEXT;
        ALTER TABLE calls ADD COLUMN cost INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE calls ADD COLUMN vendor_cost INTEGER;
        ALTER TABLE calls ADD COLUMN own_key INTEGER NOT NULL DEFAULT 0;
        -- Whether there was a price for tokens, of which each part may be null.
        ALTER TABLE calls ADD COLUMN is_priced INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE calls ADD COLUMN input_price INTEGER;
        ALTER TABLE calls ADD COLUMN output_price INTEGER;
        ALTER TABLE calls ADD COLUMN cache_read_price INTEGER;
        ALTER TABLE calls ADD COLUMN cache_write_price INTEGER;
        ALTER TABLE calls ADD COLUMN price_version TEXT;

        CREATE TABLE postings (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            account_id TEXT NOT NULL REFERENCES accounts (id),
            reference TEXT NOT NULL UNIQUE,
            note TEXT NOT NULL
        ) STRICT;

        -- The journal. Each movement belongs to a posting or to a call; that the call exists is checked by whoever
        -- verifies, for a lookup with each row would cost more than the row.
        CREATE TABLE transfers (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            posting_id INTEGER REFERENCES postings (id),
            call_id INTEGER,
            from_account TEXT NOT NULL,
            to_account TEXT NOT NULL,
            amount INTEGER NOT NULL CHECK (amount > 0),
            CHECK ((posting_id IS NULL) <> (call_id IS NULL))
        ) STRICT;

        -- Movements of calls are not in it, so that they do not pay for it.
        CREATE INDEX transfers_of_posting ON transfers (posting_id) WHERE posting_id IS NOT NULL;

        CREATE TRIGGER transfers_stay BEFORE UPDATE ON transfers
            BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
        CREATE TRIGGER transfers_remain BEFORE DELETE ON transfers
            BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
        CREATE TRIGGER postings_stay BEFORE UPDATE ON postings
            BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
        CREATE TRIGGER postings_remain BEFORE DELETE ON postings
            BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;

        -- Sums of the journal, written with it.
        CREATE TABLE balances (
            account TEXT NOT NULL PRIMARY KEY,
            amount INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        -- Sums of calls, written with them. Days since 1970, UTC; an empty tag is none.
        CREATE TABLE usage_days (
            day INTEGER NOT NULL,
            key_id TEXT NOT NULL,
            account_id TEXT NOT NULL,
            payer TEXT NOT NULL,
            tag TEXT NOT NULL,
            model TEXT NOT NULL,
            provider TEXT NOT NULL,
            requests INTEGER NOT NULL,
            prompt_tokens INTEGER NOT NULL,
            completion_tokens INTEGER NOT NULL,
            cost INTEGER NOT NULL,
            own_key_cost INTEGER NOT NULL,
            PRIMARY KEY (day, key_id, account_id, payer, tag, model, provider)
        ) STRICT, WITHOUT ROWID;

        -- Statements as they were given out, `YYYY-MM`.
        CREATE TABLE statements (
            account_id TEXT NOT NULL REFERENCES accounts (id),
            month TEXT NOT NULL,
            opening INTEGER NOT NULL,
            closing INTEGER NOT NULL,
            PRIMARY KEY (account_id, month)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE statement_postings (
            account_id TEXT NOT NULL,
            month TEXT NOT NULL,
            posting_id INTEGER NOT NULL,
            PRIMARY KEY (account_id, month, posting_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE statement_charges (
            account_id TEXT NOT NULL,
            month TEXT NOT NULL,
            position INTEGER NOT NULL,
            model TEXT NOT NULL,
            requests INTEGER NOT NULL,
            prompt_tokens INTEGER NOT NULL,
            completion_tokens INTEGER NOT NULL,
            cost INTEGER NOT NULL,
            own_key_cost INTEGER NOT NULL,
            PRIMARY KEY (account_id, month, position)
        ) STRICT, WITHOUT ROWID;

        -- Written to learn whether the disk takes writes.
        CREATE TABLE probes (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            at INTEGER NOT NULL,
            filler BLOB NOT NULL
        ) STRICT;
        """
}
