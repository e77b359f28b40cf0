extension Schema {
    /// What operators define: gateways and what belongs to them.
    static let documents: StaticString = """
        CREATE TABLE documents (
            -- In the order they were made.
            position INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            account_id TEXT NOT NULL REFERENCES accounts (id),
            gateway TEXT,
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            body TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            modified_at INTEGER NOT NULL,
            UNIQUE (kind, account_id, id)
        ) STRICT;

        CREATE UNIQUE INDEX documents_by_name ON documents (kind, account_id, coalesce(gateway, ''), name);

        -- Counts changes to documents, so that every process sees every other's.
        CREATE TABLE document_generation (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            value INTEGER NOT NULL
        ) STRICT;
        INSERT INTO document_generation (id, value) VALUES (1, 0);

        CREATE TRIGGER document_inserted AFTER INSERT ON documents
            BEGIN UPDATE document_generation SET value = value + 1; END;
        CREATE TRIGGER document_updated AFTER UPDATE ON documents
            BEGIN UPDATE document_generation SET value = value + 1; END;
        CREATE TRIGGER document_deleted AFTER DELETE ON documents
            BEGIN UPDATE document_generation SET value = value + 1; END;
        """
}
