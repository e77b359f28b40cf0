public import Accounts
public import Domain
import Synchronization
import Telemetry

/// Gateways in memory for calls. Replaced as a whole when something changes.
public final class LiveGateways: Sendable {
    private let office: GatewayOffice
    private let keys: any KeyStore
    private let open: @Sendable (VendorKey) -> Secret?
    /// One reading of the store at a time.
    private let turn = Mutex(Seen())
    private let snapshot = Mutex(GatewaySnapshot())

    private struct Seen: Sendable {
        var documents: Int64?
        /// Nil while no gateway uses a vendor key of its account.
        var keys: Int64?
    }

    /// - Parameter vault: What opens accounts' own vendor keys.
    public init(_ office: GatewayOffice, keys: any KeyStore, vault: @escaping @Sendable () -> VendorKeyVault) {
        self.office = office
        self.keys = keys
        open = { key in try? vault().open(key) }
    }

    public var current: GatewaySnapshot { snapshot.withLock { $0 } }

    /// Takes changes over, by whichever process they were made. Off the loops: it blocks on the store. Costs a look at a
    /// counter when there are none.
    ///
    /// - Returns: What there is and cannot be read, when something was taken over: ids of documents. It is left out.
    @discardableResult
    public func refresh() throws(StoreError) -> [String] {
        try turn.withLock { seen throws(StoreError) in
            // Read before what they count: a change in between is seen at the next look.
            let documents = try office.store.documentGeneration()
            let keysNow = try keys.keyGeneration()
            guard documents != seen.documents || (seen.keys != nil && seen.keys != keysNow) else { return [] }
            var reading = GatewayReading(before: current, seal: office.seal)
            try reading.read(office.store, vendorKeys: { () throws(StoreError) in try keys.vendorKeys() }, open)
            let next = reading.snapshot
            snapshot.withLock { $0 = next }
            seen = Seen(documents: documents, keys: reading.usesVendorKeys ? keysNow : nil)
            return reading.unreadable
        }
    }
}
