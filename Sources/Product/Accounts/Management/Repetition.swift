public import Domain

/// How a caller named a request, so that it is done once however often it is sent.
public struct Repetition: Sendable {
    public let name: String
    public let body: [UInt8]

    public static let longestName = 200

    public init(name: String, body: [UInt8]) throws(GatewayError) {
        guard (1...Self.longestName).contains(name.utf8.count), name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw GatewayError(
                .invalidValue, "`Idempotency-Key` must be 1 to \(Self.longestName) visible ASCII characters.",
                param: "Idempotency-Key")
        }
        self.name = name
        self.body = body
    }
}

/// Finds what a request of the same name has made before. To be asked within a turn.
struct Repetitions {
    let store: any KeyStore
    let issuer: KeyIssuer
    let now: @Sendable () -> Timestamp

    /// Names of one account that are known at the same time.
    static let mostOfAnAccount = 10_000

    /// - Throws: `conflict` where another request had that name.
    func earlier(
        _ repetition: Repetition?, _ subject: NamedRequest.Subject, of account: AccountID
    ) throws(GatewayError) -> NamedRequest? {
        guard let repetition else { return nil }
        let since = Timestamp(seconds: now().seconds - NamedRequest.keptSeconds)
        let found = try stored { () throws(StoreError) in
            try store.namedRequest(name(repetition), subject, of: account, since: since)
        }
        if let found {
            guard found.body == body(repetition) else {
                throw GatewayError(
                    .conflict, "This `Idempotency-Key` was used with another body. Use a new one.",
                    param: "Idempotency-Key")
            }
            return found
        }
        guard
            try stored({ () throws(StoreError) in try store.namedRequests(of: account, since: since) })
                < Self.mostOfAnAccount
        else {
            throw GatewayError(
                .conflict,
                "An account has \(Self.mostOfAnAccount) requests with an `Idempotency-Key` a day at most. Send this one "
                    + "without.", param: "Idempotency-Key")
        }
        return nil
    }

    /// What is written down beside that which the request makes.
    func request(
        _ repetition: Repetition?, _ subject: NamedRequest.Subject, of account: AccountID, made object: String,
        _ key: KeyID
    ) -> NamedRequest? {
        repetition.map { repetition in
            NamedRequest(
                accountID: account, subject: subject, name: name(repetition), body: body(repetition), objectID: object,
                keyID: key, madeAt: now())
        }
    }

    // Unlike what API keys are hashed as, whatever somebody takes for a name.
    private func name(_ repetition: Repetition) -> [UInt8] { issuer.digest("request name:" + repetition.name) }
    private func body(_ repetition: Repetition) -> [UInt8] { issuer.digest(repetition.body) }
}
