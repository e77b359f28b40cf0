import Accounts
import Domain

extension GatewayOffice {
    /// Kinds of documents that belong to a gateway.
    private static let belongings = DocumentKind.allCases.filter { $0 != .gateway && $0 != .customProvider }

    func gateway(_ document: StoredDocument) throws(GatewayError) -> GatewayDocument {
        guard let gateway = GatewayDocument(document, seal) else {
            throw GatewayError(.internalError, "What is kept of the gateway cannot be read.")
        }
        return gateway
    }

    func gateway(_ id: GatewayID, of account: AccountID) throws(GatewayError) -> GatewayDocument {
        let document = try stored { () throws(StoreError) in
            try store.document(.gateway, id.rawValue, account: account)
        }
        guard let document else { throw .notFound("gateway") }
        return try gateway(document)
    }

    /// The same within a turn, and the default one is made when it is not there.
    func gatewayInTurn(_ id: GatewayID, of account: AccountID) throws(GatewayError) -> GatewayDocument {
        let document = try stored { () throws(StoreError) in
            try store.document(.gateway, id.rawValue, account: account)
        }
        if let document { return try gateway(document) }
        guard id == GatewaySettings.defaultID else { throw .notFound("gateway") }
        let made = GatewayDocument(account: account, id: id, createdAt: now())
        try insert(made)
        return made
    }

    /// Of a gateway that was deleted something may have been written afterwards; a new one does not inherit it.
    func insert(_ gateway: GatewayDocument) throws(GatewayError) {
        try removeBelongings(of: gateway.id, gateway.account)
        try stored { () throws(StoreError) in try store.insert(gateway.stored(seal)) }
    }

    func removeBelongings(of gateway: GatewayID, _ account: AccountID) throws(GatewayError) {
        try stored { () throws(StoreError) in
            for kind in Self.belongings {
                for document in try store.documents(kind, account: account, gateway: gateway) {
                    _ = try store.delete(kind, document.id, account: account)
                }
            }
        }
    }
}
