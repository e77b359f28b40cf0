import Accounts
import Crypto
public import Domain
public import DynamicRouting
public import JSON

/// Dynamic routes of gateways. Called off the loops.
public struct RouteDesk: Sendable {
    /// Routes of one gateway.
    public static let mostOfAGateway = 100
    /// Bytes of a route with all its versions: each change writes it as a whole.
    public static let longestRoute = 4 << 20

    private let office: GatewayOffice
    private let patterns: any PatternCompiler

    /// - Parameter patterns: Those that calls are matched with.
    public init(_ office: GatewayOffice, patterns: any PatternCompiler) {
        self.office = office
        self.patterns = patterns
    }

    // MARK: Reading

    /// The oldest first.
    public func routes(of gateway: GatewayID, _ account: AccountID) throws(GatewayError) -> [DynamicRoute] {
        try office.turn.take { () throws(GatewayError) in
            _ = try office.gatewayInTurn(gateway, of: account)
            return try all(of: gateway, account).map { document throws(GatewayError) in try Self.read(document) }
        }
    }

    public func route(
        _ id: String, of gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> DynamicRoute {
        try Self.read(try document(id, of: gateway, account))
    }

    /// A version together with its route.
    public func version(
        _ version: String, _ id: String, of gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> (route: DynamicRoute, version: DynamicRoute.Version) {
        let route = try route(id, of: gateway, account)
        guard let found = route.version(version) else { throw RouteRefusal.versionNotFound.error }
        return (route, found)
    }

    // MARK: Changing

    /// The route works at once; one whose elements are wrong is not made.
    public func create(
        _ sent: JSONValue, in gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> DynamicRoute {
        var fields = try SentFields(sent)
        let name = Self.name(&fields)
        let elements = Self.elements(&fields)
        try fields.finish()
        let route = try refusing { () throws(RouteRefusal) in
            try DynamicRoute.create(
                name: name ?? "", elements: elements ?? .null, gatewayID: gateway, at: office.now(),
                patterns: patterns, makeID: RandomUUID.make)
        }
        let document = try Self.document(route, account)
        try office.turn.take { () throws(GatewayError) in
            _ = try office.gatewayInTurn(gateway, of: account)
            let others = try all(of: gateway, account)
            guard others.count < Self.mostOfAGateway else {
                throw GatewayError(
                    .conflict, "A gateway has \(Self.mostOfAGateway) routes at most. Delete one first.")
            }
            try Self.checkName(of: document, among: others)
            try stored { () throws(StoreError) in try office.store.insert(document) }
        }
        return route
    }

    public func rename(
        _ id: String, _ sent: JSONValue, of gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> DynamicRoute {
        var fields = try SentFields(sent)
        let name = Self.name(&fields)
        try fields.finish()
        return try change(id, of: gateway, account) { route, now throws(RouteRefusal) in
            try route.rename(name ?? "", at: now)
        }.route
    }

    /// Returns what it was.
    public func delete(
        _ id: String, of gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> DynamicRoute {
        try office.turn.take { () throws(GatewayError) in
            let route = try route(id, of: gateway, account)
            _ = try stored { () throws(StoreError) in try office.store.delete(.route, id, account: account) }
            return route
        }
    }

    /// Adds a draft. It may be wrong; then it cannot be deployed.
    public func addVersion(
        to id: String, _ sent: JSONValue, of gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> (route: DynamicRoute, version: DynamicRoute.Version) {
        var fields = try SentFields(sent)
        let elements = Self.elements(&fields)
        try fields.finish()
        let changed = try change(id, of: gateway, account) { route, now throws(RouteRefusal) in
            try route.addVersion(elements ?? .null, at: now, patterns: patterns, makeID: RandomUUID.make)
        }
        return (changed.route, changed.result)
    }

    /// Takes away a version that is not active. Returns what it was.
    public func discard(
        _ version: String, of id: String, of gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> (route: DynamicRoute, version: DynamicRoute.Version) {
        let changed = try change(id, of: gateway, account) { route, now throws(RouteRefusal) in
            let gone = route.version(version)
            try route.discard(version, at: now)
            return gone
        }
        guard let gone = changed.result else { throw RouteRefusal.versionNotFound.error }
        return (changed.route, gone)
    }

    /// From here on calls take that version.
    public func deploy(
        _ id: String, _ sent: JSONValue, of gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> DynamicRoute {
        var fields = try SentFields(sent)
        let read = fields.read("version_id", "the id of a version") { $0.stringValue }
        let version = fields.required(read, "version_id")
        try fields.finish()
        return try change(id, of: gateway, account) { route, now throws(RouteRefusal) in
            _ = try route.deploy(version ?? "", at: now, patterns: patterns, makeID: RandomUUID.make)
        }.route
    }

    private func change<Result: Sendable>(
        _ id: String, of gateway: GatewayID, _ account: AccountID,
        _ work: (inout DynamicRoute, Timestamp) throws(RouteRefusal) -> Result
    ) throws(GatewayError) -> (route: DynamicRoute, result: Result) {
        try office.turn.take { () throws(GatewayError) in
            var route = try route(id, of: gateway, account)
            let now = office.now()
            let result = try refusing { () throws(RouteRefusal) in try work(&route, now) }
            let document = try Self.document(route, account)
            try Self.checkName(of: document, among: try all(of: gateway, account))
            guard try stored({ () throws(StoreError) in try office.store.update(document) }) else {
                throw .notFound("route")
            }
            return (route, result)
        }
    }
}

// MARK: Rules

extension RouteDesk {
    private func all(of gateway: GatewayID, _ account: AccountID) throws(GatewayError) -> [StoredDocument] {
        try stored { () throws(StoreError) in
            try office.store.documents(.route, account: account, gateway: gateway)
        }
    }

    private func document(
        _ id: String, of gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> StoredDocument {
        let document = try stored { () throws(StoreError) in
            try office.store.document(.route, id, account: account)
        }
        guard let document, document.gateway == gateway else { throw .notFound("route") }
        return document
    }

    private static func name(_ fields: inout SentFields) -> String? {
        let read = fields.read("name", "a text") { $0.stringValue }
        return fields.required(read, "name")
    }

    private static func elements(_ fields: inout SentFields) -> JSONValue? {
        let read = fields.read("elements", "a list of elements") { $0.arrayValue.map(JSONValue.array) }
        return fields.required(read, "elements")
    }

    private static func checkName(of document: StoredDocument, among others: [StoredDocument]) throws(GatewayError) {
        guard !others.contains(where: { $0.name == document.name && $0.id != document.id }) else {
            throw GatewayError(
                .conflict, "The gateway has a route `\(document.name)` already.", param: "/name")
        }
    }

    private static func document(_ route: DynamicRoute, _ account: AccountID) throws(GatewayError) -> StoredDocument {
        let body = route.document.serialized()
        guard body.count <= longestRoute else {
            throw GatewayError(
                .conflict,
                "The route's versions are more than \(longestRoute) bytes together. Delete versions that are not active first."
            )
        }
        return StoredDocument(
            kind: .route, account: account, gateway: route.gatewayID, id: route.id, name: route.name,
            body: String(decoding: body, as: UTF8.self), createdAt: route.createdAt, modifiedAt: route.modifiedAt)
    }

    private static func read(_ document: StoredDocument) throws(GatewayError) -> DynamicRoute {
        guard let object = (try? JSONValue(parsing: Array(document.body.utf8)))?.objectValue,
            let route = try? DynamicRoute(document: object)
        else { throw GatewayError(.internalError, "What is kept of the route cannot be read.") }
        return route
    }

    private func refusing<Result>(_ work: () throws(RouteRefusal) -> Result) throws(GatewayError) -> Result {
        do throws(RouteRefusal) {
            return try work()
        } catch {
            throw error.error
        }
    }
}
