public import Accounts
public import Domain
import JSON

/// What all desks of gateways share: the store, the seal, the time, and one turn for all changes.
public struct GatewayOffice: Sendable {
    public let store: any DocumentStore
    public let turn: ManagementTurn
    public let now: @Sendable () -> Timestamp
    let seal: DocumentSeal

    public init(
        store: any DocumentStore, sealer: any Sealer, turn: ManagementTurn = ManagementTurn(),
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.turn = turn
        self.now = now
        seal = DocumentSeal(sealer: sealer)
    }

    /// Kinds whose documents may hold something sealed.
    private static let sealedKinds: [DocumentKind] = [.gateway, .providerConfig, .customProvider]

    /// Seals everything under the current master key, one write for each document. Calls go on meanwhile; changes wait
    /// for it. Stopped halfway, it can be started again.
    public func reseal() throws(StoreError) -> ResealReport {
        try turn.take { () throws(StoreError) in
            var report = ResealReport()
            for kind in Self.sealedKinds {
                for document in try store.documents(kind, account: nil, gateway: nil) {
                    try reseal(document, &report)
                }
            }
            return report
        }
    }

    private func reseal(_ document: StoredDocument, _ report: inout ResealReport) throws(StoreError) {
        guard var body = DocumentBody(document), !body.sealed.isEmpty else { return }
        let place = document.place
        let stale = body.sealed.keys.filter { label in
            !(body.sealed[label].map { seal.isCurrent($0, label, at: place) } ?? true)
        }
        guard !stale.isEmpty else {
            report.alreadyCurrent += 1
            return
        }
        for label in stale {
            guard let secret = body.sealed[label].flatMap({ seal.open($0, label, at: place) }) else {
                report.unreadableDocuments.append(document.id)
                return
            }
            body.sealed[label] = seal.seal(secret, label, at: place)
        }
        var resealed = document
        resealed.body = body.text
        if try store.update(resealed) { report.resealed += 1 }
    }
}
