/// `logs.db`: one row for each entry, without bodies. What is here once is on disk: numbers never change.
enum IndexSchema {
    static let layout = LogFile.Layout(
        name: "logs.db", applicationID: 0x4149_474C, pageSize: 4_096, writerCacheKibibytes: 4_096, steps: [first])

    private static let first: StaticString = """
        -- A gateway of an account. `entries` and `latest` change with the rows they sum up.
        CREATE TABLE gateways (
            number INTEGER PRIMARY KEY,
            account TEXT NOT NULL,
            gateway TEXT NOT NULL,
            entries INTEGER NOT NULL,
            -- The latest number given to one of its entries.
            latest INTEGER NOT NULL,
            UNIQUE (account, gateway)
        ) STRICT;

        -- Texts that many entries have in common. Each gateway has its own, so that none can be found through another.
        CREATE TABLE texts (
            number INTEGER PRIMARY KEY,
            gateway INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            text TEXT NOT NULL,
            UNIQUE (gateway, kind, text)
        ) STRICT;

        -- Lies in the order of time within each gateway, and is read in that order. Most questions read whole gateways:
        -- what they ask for stands in front, and is small.
        CREATE TABLE entries (
            gateway INTEGER NOT NULL,
            created INTEGER NOT NULL,
            number INTEGER NOT NULL,
            flags INTEGER NOT NULL,
            provider INTEGER NOT NULL,
            model INTEGER NOT NULL,
            model_type INTEGER,
            path INTEGER NOT NULL,
            request_type INTEGER,
            request_content_type INTEGER,
            response_content_type INTEGER,
            user_agent INTEGER,
            dlp_action INTEGER,
            duration INTEGER NOT NULL,
            tokens_in INTEGER NOT NULL,
            tokens_out INTEGER NOT NULL,
            cost INTEGER,
            feedback INTEGER,
            id TEXT NOT NULL,
            event_id TEXT,
            metadata BLOB,
            status INTEGER NOT NULL,
            step INTEGER,
            score INTEGER,
            error_code INTEGER,
            request_size INTEGER NOT NULL,
            response_size INTEGER NOT NULL,
            request_id TEXT NOT NULL,
            dlp_findings TEXT,
            guardrails TEXT,
            PRIMARY KEY (gateway, created, number)
        ) STRICT, WITHOUT ROWID;

        -- Ids begin with their time, so new ones go to the end of their gateway's.
        CREATE UNIQUE INDEX entry_ids ON entries (gateway, id);

        -- Where values of metadata and event ids occur, by a hash of theirs. `slot` is the entry's number, coarsely: new
        -- rows fall among few pages however many there are, and looking up takes one step for each slot.
        CREATE TABLE tags (
            gateway INTEGER NOT NULL,
            slot INTEGER NOT NULL,
            tag INTEGER NOT NULL,
            created INTEGER NOT NULL,
            number INTEGER NOT NULL,
            PRIMARY KEY (gateway, slot, tag, created, number)
        ) STRICT, WITHOUT ROWID;
        """
}
