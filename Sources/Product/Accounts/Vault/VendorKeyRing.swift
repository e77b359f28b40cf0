public import Domain
import Synchronization
public import Telemetry

/// Vendors' keys that accounts brought, opened and ready for calls. Replaced as a whole when one changes.
public final class VendorKeyRing: Sendable {
    private let holdings = Mutex(Holdings())

    private struct Entry: Sendable {
        let id: VendorKeyID
        let alias: String
        let weight: UInt64
        let secret: Secret
    }

    private struct Owner: Hashable, Sendable {
        let account: AccountID
        let provider: ProviderID
    }

    private struct Holdings: Sendable {
        /// By id, so that the same draw finds the same key in every process.
        var entries: [Owner: [Entry]] = [:]
        var parents: [AccountID: AccountID] = [:]
    }

    /// Larger weights count as this, so that sums stay far from the end of the numbers.
    private static let greatestWeight = 1 << 20

    public init() {}

    /// Opens all keys and takes them in place of those there were. Returns those that could not be opened: they are
    /// left out, the others work.
    @discardableResult
    public func replace(with keys: [VendorKey], accounts: [Account], vault: VendorKeyVault) -> [VendorKeyID] {
        let open = Set(accounts.filter { $0.closedAt == nil }.map(\.id))
        var next = Holdings()
        var unreadable: [VendorKeyID] = []
        for account in accounts { next.parents[account.id] = account.parentID }
        for key in keys.sorted(by: { $0.id.rawValue < $1.id.rawValue })
        where key.revokedAt == nil && open.contains(key.accountID) {
            guard let secret = try? vault.open(key) else {
                unreadable.append(key.id)
                continue
            }
            let weight = UInt64(min(max(0, key.weight), Self.greatestWeight))
            next.entries[Owner(account: key.accountID, provider: key.provider), default: []]
                .append(Entry(id: key.id, alias: key.alias, weight: weight, secret: secret))
        }
        let complete = next
        holdings.withLock { $0 = complete }
        return unreadable
    }

    public var isEmpty: Bool { holdings.withLock { $0.entries.isEmpty } }

    public var count: Int { holdings.withLock { $0.entries.values.reduce(0) { $0 + $1.count } } }

    /// A key of that vendor for a call of that account: its own, else its parent's. Keys share the draws by their
    /// weights; the same draw takes the same key. One of weight zero is taken only when it is asked for by alias.
    public func pick(
        account: AccountID, provider: ProviderID, alias: String? = nil, draw: UInt64
    ) -> (id: VendorKeyID, secret: Secret)? {
        let holdings = holdings.withLock { $0 }
        guard !holdings.entries.isEmpty else { return nil }
        for owner in [account, holdings.parents[account]].compactMap(\.self) {
            let entries = holdings.entries[Owner(account: owner, provider: provider)] ?? []
            let wanted = entries.filter { entry in alias.map { $0 == entry.alias } ?? (entry.weight > 0) }
            if let entry = Self.pick(wanted, draw: draw) { return (entry.id, entry.secret) }
        }
        return nil
    }

    private static func pick(_ entries: [Entry], draw: UInt64) -> Entry? {
        let sum = entries.reduce(0) { $0 + $1.weight }
        guard sum > 0 else { return entries.isEmpty ? nil : entries[Int(draw % UInt64(entries.count))] }
        var rest = draw % sum
        for entry in entries {
            if rest < entry.weight { return entry }
            rest -= entry.weight
        }
        return nil
    }
}
