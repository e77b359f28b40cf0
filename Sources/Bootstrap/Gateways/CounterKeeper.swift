import Domain
import Governance
import JSON
import Telemetry

/// Writes down what gateways have spent of their limits, so that a restart does not begin them anew.
struct CounterKeeper: Sendable {
    let counters: WindowCounters
    let store: any DocumentStore
    let now: @Sendable () -> Timestamp
    let log: Logger

    func restore() throws(StoreError) {
        for document in try store.documents(.spendCounters, account: nil, gateway: nil) {
            guard let gateway = document.gateway,
                let json = try? JSONScanner().value(Array(document.body.utf8)).objectValue,
                let kept = SpendCounters(json, of: GatewayPlace(account: document.account, gateway: gateway))
            else {
                log.warning("spend counters cannot be read", ["id": .string(document.id)])
                continue
            }
            counters.restore(kept)
        }
    }

    /// Blocks on the store; costs nothing while nothing was counted.
    func keep() {
        let changed = counters.takeChanged()
        var missed: [GatewayPlace] = []
        for counted in changed {
            do throws(StoreError) {
                try write(counted)
            } catch {
                missed.append(counted.place)
            }
        }
        if !missed.isEmpty { counters.putBack(missed) }
    }

    private func write(_ counted: SpendCounters) throws(StoreError) {
        let (place, moment) = (counted.place, now())
        let document = StoredDocument(
            kind: .spendCounters, account: place.account, gateway: place.gateway,
            id: "counters-\(place.gateway.rawValue)", name: "counters",
            body: String(decoding: JSONValue.object(counted.json).serialized(), as: UTF8.self), createdAt: moment,
            modifiedAt: moment)
        if try !store.update(document) { try store.insert(document) }
    }
}
