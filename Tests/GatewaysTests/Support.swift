import Accounts
import Domain
import JSON
import MemoryStores
import Synchronization
import Telemetry
import Testing

@testable import Gateways

/// Desks on a store that forgets.
struct House {
    static let acme = AccountID("acc_acme")
    static let other = AccountID("acc_other")
    static let firstMaster = [UInt8](repeating: 1, count: 32)
    static let secondMaster = [UInt8](repeating: 2, count: 32)

    let store = MemoryStore()
    let vault: VendorKeyVault
    let office: GatewayOffice
    let events = Events()
    private let clock = HandClock()

    init() throws {
        let vault = try VendorKeyVault(current: Self.firstMaster)
        self.vault = vault
        let clock = clock
        office = GatewayOffice(store: store, sealer: LiveSealer { vault }, now: { clock.now })
    }

    func desk(parts: GatewayParts = .plain, most: Int = 3) -> GatewayDesk {
        let events = events
        return GatewayDesk(
            office, parts: parts, most: most,
            hooks: GatewayHooks(
                deleted: { events.add("deleted \($0) \($1)") },
                forgetCache: { events.add("forget \($0) \($1)") }))
    }

    var configs: ProviderConfigDesk { ProviderConfigDesk(office, vendorKeys: store) }
    func providers(allowsPrivate: Bool = false) -> CustomProviderDesk {
        CustomProviderDesk(office, allowsPrivate: allowsPrivate)
    }
    var keeper: VendorKeyKeeper { VendorKeyKeeper(store: store, vault: vault) { Timestamp(seconds: 1) } }

    func live() -> LiveGateways {
        let vault = vault
        return LiveGateways(office, keys: store, vault: { vault })
    }

    func setTime(_ seconds: Int64) { clock.set(seconds) }

    /// All that lies in the store, as one text.
    var everythingStored: String { store.contents.documents.map { "\($0)" }.joined() }
}

final class HandClock: Sendable {
    private let seconds = Mutex<Int64>(1_779_278_400)

    var now: Timestamp { Timestamp(seconds: seconds.withLock { $0 }) }
    func set(_ value: Int64) { seconds.withLock { $0 = value } }
}

final class Events: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
}

/// What an attempt was refused with.
func refusal(_ work: () async throws -> Void) async -> GatewayError? {
    do {
        try await work()
        return nil
    } catch {
        return error as? GatewayError
    }
}

func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

extension JSONValue {
    var text: String { String(decoding: serialized(), as: UTF8.self) }
}
