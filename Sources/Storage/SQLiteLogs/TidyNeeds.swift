import Synchronization

/// Gateways that have lost entries, and so may hold on to what those needed.
final class TidyNeeds: Sendable {
    private let gateways = Mutex<Set<GatewayKey>>([])

    func add(_ gateway: GatewayKey) {
        gateways.withLock { gateways in _ = gateways.insert(gateway) }
    }

    func takeAll() -> Set<GatewayKey> {
        gateways.withLock { gateways in
            defer { gateways = [] }
            return gateways
        }
    }
}
