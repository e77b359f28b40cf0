import Accounts
public import Domain
public import JSON

/// What else is to be done when gateways change.
public struct GatewayHooks: Sendable {
    /// A gateway is gone: its logs, cached answers and counters are to go as well.
    public var deleted: @Sendable (AccountID, GatewayID) async -> Void
    /// A gateway that forgets its cache on updates was updated.
    public var forgetCache: @Sendable (AccountID, GatewayID) async -> Void

    public init(
        deleted: @escaping @Sendable (AccountID, GatewayID) async -> Void = { _, _ in },
        forgetCache: @escaping @Sendable (AccountID, GatewayID) async -> Void = { _, _ in }
    ) {
        self.deleted = deleted
        self.forgetCache = forgetCache
    }
}

/// Gateways of accounts. Called off the loops.
public struct GatewayDesk: Sendable {
    /// Gateways of one account, unless the installation says otherwise.
    public static let usualMost = 20

    private let office: GatewayOffice
    private let parts: GatewayParts
    private let most: Int
    private let hooks: GatewayHooks

    /// - Parameter most: Gateways of one account; `default` comes on top.
    public init(
        _ office: GatewayOffice, parts: GatewayParts = .plain, most: Int = GatewayDesk.usualMost,
        hooks: GatewayHooks = GatewayHooks()
    ) {
        self.office = office
        self.parts = parts
        self.most = most
        self.hooks = hooks
    }

    /// As clients see it.
    public func shown(_ gateway: GatewayDocument) -> JSONValue { gateway.shown(parts) }

    // MARK: Reading

    /// The oldest first.
    ///
    /// - Parameter search: A part of the id, in whatever case.
    public func gateways(of account: AccountID, search: String? = nil) throws(GatewayError) -> [GatewayDocument] {
        let wanted = search?.lowercased()
        let stored = try stored { () throws(StoreError) in
            try office.store.documents(.gateway, account: account, gateway: nil)
        }
        return try stored.filter { document in wanted.map { document.id.contains($0) } ?? true }
            .map { document throws(GatewayError) in try office.gateway(document) }
    }

    /// The default one is made when it is not there.
    public func gateway(_ id: GatewayID, of account: AccountID) throws(GatewayError) -> GatewayDocument {
        guard id != GatewaySettings.defaultID else { return try ensureDefault(of: account) }
        return try office.gateway(id, of: account)
    }

    /// The gateway that every account has, made now when there is none.
    public func ensureDefault(of account: AccountID) throws(GatewayError) -> GatewayDocument {
        try office.turn.take { () throws(GatewayError) in
            try office.gatewayInTurn(GatewaySettings.defaultID, of: account)
        }
    }

    // MARK: Changing

    public func create(_ sent: JSONValue, in account: AccountID) throws(GatewayError) -> GatewayDocument {
        var fields = try SentFields(sent)
        let read = fields.read("id", GatewayDocument.idShape) { value in
            value.stringValue.flatMap { GatewayDocument.isID($0) ? $0 : nil }
        }
        let id = GatewayID(fields.required(read, "id") ?? "")
        var gateway = GatewayDocument(account: account, id: id, createdAt: office.now())
        gateway.apply(&fields, parts)
        try fields.finish()
        let complete = gateway
        try office.turn.take { () throws(GatewayError) in
            let others = try stored { () throws(StoreError) in
                try office.store.documents(.gateway, account: account, gateway: nil)
            }
            guard !others.contains(where: { $0.id == id.rawValue }) else {
                throw GatewayError(.conflict, "There is a gateway `\(id)` already.", param: "/id")
            }
            let counted = others.count { $0.id != GatewaySettings.defaultID.rawValue }
            guard complete.isDefault || counted < most else {
                throw GatewayError(.conflict, "An account has \(most) gateways at most. Delete one first.")
            }
            try office.insert(complete)
        }
        return complete
    }

    /// What is absent stays as it is, null clears.
    public func update(
        _ id: GatewayID, _ sent: JSONValue, of account: AccountID
    ) async throws(GatewayError) -> GatewayDocument {
        let (before, after) = try office.turn.take { () throws(GatewayError) in
            let before = try office.gatewayInTurn(id, of: account)
            var fields = try SentFields(sent)
            if let named = fields["id"], named.stringValue != id.rawValue {
                fields.report("id", "cannot be changed")
            }
            var gateway = before
            gateway.apply(&fields, parts)
            try fields.finish()
            gateway.modifiedAt = office.now()
            let document = gateway.stored(office.seal)
            guard try stored({ () throws(StoreError) in try office.store.update(document) }) else {
                throw .notFound("gateway")
            }
            return (before, gateway)
        }
        if before.settings.forgetsCacheOnUpdate || after.settings.forgetsCacheOnUpdate {
            await hooks.forgetCache(account, id)
        }
        return after
    }

    /// Everything of the gateway goes with it. Returns what it was.
    public func delete(_ id: GatewayID, of account: AccountID) async throws(GatewayError) -> GatewayDocument {
        let gone = try office.turn.take { () throws(GatewayError) in
            let gateway = try office.gateway(id, of: account)
            // Last of all: stopped halfway, it is still there to be deleted again.
            try office.removeBelongings(of: id, account)
            _ = try stored { () throws(StoreError) in
                try office.store.delete(.gateway, id.rawValue, account: account)
            }
            return gateway
        }
        await hooks.deleted(account, id)
        return gone
    }
}
