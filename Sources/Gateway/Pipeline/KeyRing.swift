public import Crypto
public import Domain
import Synchronization

/// Everything that decides who may call, as it was at one moment.
public struct KeySnapshot: Sendable {
    public var keys: [APIKey]
    public var accounts: [Account]
    public var budgets: [Budget]

    public init(keys: [APIKey] = [], accounts: [Account] = [], budgets: [Budget] = []) {
        self.keys = keys
        self.accounts = accounts
        self.budgets = budgets
    }
}

/// All keys that are good now, by the keyed hash of the whole key. Replaced as a whole when a key changes.
public final class KeyRing: Sendable {
    private let hash: KeyedHash
    private let state: Mutex<State>

    private struct State {
        var principals: [Digest32: Principal]
        /// Those that are open.
        var accounts: [AccountID: Account]
        /// Keys that took the place of others and have been used since.
        var successorsUsed: Set<KeyID> = []
    }

    /// Longer texts are not even hashed.
    private static let maximumKeyBytes = 256

    public init(hash: KeyedHash, _ snapshot: KeySnapshot = KeySnapshot()) {
        self.hash = hash
        state = Mutex(State(principals: Self.principals(snapshot), accounts: Self.accounts(snapshot)))
    }

    public func replace(with snapshot: KeySnapshot) {
        let (principals, accounts) = (Self.principals(snapshot), Self.accounts(snapshot))
        state.withLock { state in
            state.principals = principals
            state.accounts = accounts
        }
    }

    /// Nil for one that is closed, or does not exist.
    public func account(_ id: AccountID) -> Account? { state.withLock { $0.accounts[id] } }

    public var count: Int { state.withLock { $0.principals.count } }

    /// Who that key is. Nil for a key that is unknown, revoked or expired.
    public func principal(for presented: String, now: Timestamp) -> Principal? {
        guard presented.hasPrefix(APIKey.secretPrefix), presented.utf8.count <= Self.maximumKeyBytes else { return nil }
        let digest = hash.hash(presented)
        return state.withLock { state in
            guard let principal = state.principals[digest] else { return nil }
            if let expiry = principal.key.scope.expiresAt, expiry <= now { return nil }
            if principal.key.replaces != nil { state.successorsUsed.insert(principal.keyID) }
            return principal
        }
    }

    /// Keys whose place was taken by one that has been used by now: they are to be revoked.
    public func takeReplacedKeys() -> [KeyID] {
        state.withLock { state in
            guard !state.successorsUsed.isEmpty else { return [] }
            let used = state.successorsUsed
            state.successorsUsed = []
            return state.principals.values.filter { used.contains($0.keyID) }.compactMap(\.key.replaces)
        }
    }

    private static func accounts(_ snapshot: KeySnapshot) -> [AccountID: Account] {
        Dictionary(snapshot.accounts.filter { $0.closedAt == nil }.map { ($0.id, $0) }) { first, _ in first }
    }

    private static func principals(_ snapshot: KeySnapshot) -> [Digest32: Principal] {
        let accounts = Dictionary(snapshot.accounts.map { ($0.id, $0) }) { first, _ in first }
        let budgets = Dictionary(grouping: snapshot.budgets, by: \.accountID).mapValues { budgets in
            Dictionary(budgets.map { ($0.tag, $0) }) { first, _ in first }
        }
        var principals: [Digest32: Principal] = [:]
        for key in snapshot.keys where key.revokedAt == nil {
            guard let digest = Digest32(bytes: key.hash), let account = accounts[key.accountID],
                account.closedAt == nil
            else { continue }
            let parent = account.parentID.flatMap { accounts[$0] }
            // Of a sub-account whose parent is closed or gone, nobody would pay.
            guard account.parentID == nil || (parent != nil && parent?.closedAt == nil) else { continue }
            principals[digest] = Principal(
                key: key, account: account, parent: parent, budgets: budgets[account.payerID] ?? [:])
        }
        return principals
    }
}
