/// The logs of named gateways. Reading sees every entry that was appended before.
public protocol GatewayLogStore: Sendable {
    /// Hands an entry over to be written soon; never waits. Returns false when the queue is full and it was dropped.
    @discardableResult
    func append(_ entry: GatewayLogEntry, bodies: LogBodies?) -> Bool

    /// How many entries a gateway has, from memory.
    func count(account: AccountID, gateway: GatewayID) -> Int

    // The rest is called off the loops: implementations may block.

    /// Entries after the first `offset` that the query finds.
    func page(_ query: LogQuery, offset: Int, limit: Int) throws(StoreError) -> LogPage
    func summary(_ query: LogQuery) throws(StoreError) -> LogSummary
    func entry(_ id: LogID, account: AccountID, gateway: GatewayID) throws(StoreError) -> GatewayLogEntry?
    /// Nil when there is no such entry, or its bodies were not kept or are gone by now.
    func bodies(_ id: LogID, account: AccountID, gateway: GatewayID) throws(StoreError) -> LogBodies?
    func patch(
        _ id: LogID, account: AccountID, gateway: GatewayID, _ patch: LogPatch
    ) throws(StoreError) -> GatewayLogEntry?
    /// Deletes the first entries that the query finds, all of them without a limit. Returns how many there were.
    func delete(_ query: LogQuery, limit: Int?) throws(StoreError) -> Int
    /// Entries older than their gateway's capacity allows, and bodies older than `bodiesBefore`, go.
    func tidy(
        capacities: [GatewayLogCapacity], defaultCapacity: Int, bodiesBefore: Timestamp
    ) throws(StoreError)
}

/// How many entries a gateway keeps.
public struct GatewayLogCapacity: Hashable, Sendable {
    public var account: AccountID
    public var gateway: GatewayID
    public var entries: Int

    public init(account: AccountID, gateway: GatewayID, entries: Int) {
        self.account = account
        self.gateway = gateway
        self.entries = entries
    }
}
