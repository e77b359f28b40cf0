/// A request that its caller gave a name (`Idempotency-Key`), so that it is done once however often it is sent.
public struct NamedRequest: Hashable, Sendable {
    public enum Subject: String, Hashable, Sendable, CaseIterable {
        case account
        case subAccount = "sub_account"
        case key
    }

    /// For so long it is not done again.
    public static let keptSeconds: Int64 = 86_400

    /// Whom it manages. Another account may give another request the same name.
    public let accountID: AccountID
    public let subject: Subject
    /// Hashes, for what callers choose is of any length and none of our business.
    public let name: [UInt8]
    public let body: [UInt8]
    /// What it made.
    public let objectID: String
    public let keyID: KeyID
    public let madeAt: Timestamp

    public init(
        accountID: AccountID, subject: Subject, name: [UInt8], body: [UInt8], objectID: String, keyID: KeyID,
        madeAt: Timestamp
    ) {
        self.accountID = accountID
        self.subject = subject
        self.name = name
        self.body = body
        self.objectID = objectID
        self.keyID = keyID
        self.madeAt = madeAt
    }
}
