import SQLite

/// What a file's header says about whose it is.
struct FileIdentity {
    let applicationID: Int64
    let version: Int64
    let isEmpty: Bool

    init(of database: Database) throws(SQLiteError) {
        self = try database.transaction(.deferred) { () throws(SQLiteError) in
            FileIdentity(
                applicationID: try database.pragma(.applicationID),
                version: try database.pragma(.userVersion),
                isEmpty: try database.statement("SELECT 1 FROM sqlite_schema").first { _ in true } == nil)
        }
    }

    init(applicationID: Int64, version: Int64, isEmpty: Bool) {
        self.applicationID = applicationID
        self.version = version
        self.isEmpty = isEmpty
    }

    /// Why the file must be left alone; nil when it is ours or nobody's.
    var refusal: String? {
        if applicationID == 0 && version == 0 && isEmpty { return nil }
        guard applicationID == Schema.applicationID else {
            return "is the database of another program (application id \(applicationID))"
        }
        guard version <= Schema.version else {
            return "was written by a newer version (layout \(version), this one knows up to \(Schema.version))"
        }
        return nil
    }
}
