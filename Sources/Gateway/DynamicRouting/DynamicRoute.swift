public import Domain
public import JSON

/// A route of a gateway: its versions, and which of them were put to work when.
///
/// A value; what changes it returns nothing half done. Ids are made by whoever calls.
public struct DynamicRoute: Hashable, Sendable {
    public struct Version: Hashable, Sendable {
        public let id: String
        public let createdAt: Timestamp
        /// As they were given, right or wrong.
        public let elements: JSONValue
        /// Whether it could be deployed when it was looked at last.
        public internal(set) var isValid: Bool
    }

    public struct Deployment: Hashable, Sendable {
        public let id: String
        public let versionID: String
        public let createdAt: Timestamp
    }

    public let id: String
    public internal(set) var name: String
    public let gatewayID: GatewayID
    public let createdAt: Timestamp
    public internal(set) var modifiedAt: Timestamp
    /// The oldest first; never empty.
    public internal(set) var versions: [Version]
    /// The oldest first; the last one counts. Never empty.
    public internal(set) var deployments: [Deployment]

    /// A route with a first version that works at once.
    public static func create(
        name: String, elements: JSONValue, gatewayID: GatewayID, at now: Timestamp, patterns: any PatternCompiler,
        makeID: () -> String
    ) throws(RouteRefusal) -> DynamicRoute {
        try checkName(name)
        try checkSize(elements)
        do throws(RouteProblems) {
            _ = try RouteGraph(elements, patterns: patterns)
        } catch {
            throw .invalidElements(error)
        }
        let version = Version(id: makeID(), createdAt: now, elements: elements, isValid: true)
        let deployment = Deployment(id: makeID(), versionID: version.id, createdAt: now)
        return DynamicRoute(
            id: makeID(), name: name, gatewayID: gatewayID, createdAt: now, modifiedAt: now, versions: [version],
            deployments: [deployment])
    }

    /// Adds a draft, which may be wrong; nothing that works changes.
    public mutating func addVersion(
        _ elements: JSONValue, at now: Timestamp, patterns: any PatternCompiler, makeID: () -> String
    ) throws(RouteRefusal) -> Version {
        try Self.checkSize(elements)
        guard versions.count < RouteBounds.mostVersions else { throw .tooManyVersions }
        let isValid = (try? RouteGraph(elements, patterns: patterns)) != nil
        let version = Version(id: makeID(), createdAt: now, elements: elements, isValid: isValid)
        versions.append(version)
        modifiedAt = now
        return version
    }

    /// Puts a version to work; an older one as well as a new one.
    public mutating func deploy(
        _ versionID: String, at now: Timestamp, patterns: any PatternCompiler, makeID: () -> String
    ) throws(RouteRefusal) -> Deployment {
        guard let position = versions.firstIndex(where: { $0.id == versionID }) else { throw .versionNotFound }
        do throws(RouteProblems) {
            // What was right for an older release need not be right for this one.
            _ = try RouteGraph(versions[position].elements, patterns: patterns)
        } catch {
            throw .invalidVersion(error)
        }
        versions[position].isValid = true
        let deployment = Deployment(id: makeID(), versionID: versionID, createdAt: now)
        deployments = deployments.suffix(RouteBounds.mostDeployments - 1) + [deployment]
        modifiedAt = now
        return deployment
    }

    public mutating func rename(_ name: String, at now: Timestamp) throws(RouteRefusal) {
        try Self.checkName(name)
        self.name = name
        modifiedAt = now
    }

    /// Takes away a version that does not work now, to make room.
    public mutating func discard(_ versionID: String, at now: Timestamp) throws(RouteRefusal) {
        guard let position = versions.firstIndex(where: { $0.id == versionID }) else { throw .versionNotFound }
        guard versionID != activeVersionID else { throw .versionInUse }
        versions.remove(at: position)
        deployments.removeAll { $0.versionID == versionID }
        modifiedAt = now
    }

    public func version(_ id: String) -> Version? {
        versions.first { $0.id == id }
    }

    public var activeVersionID: String? { deployments.last?.versionID }
    public var activeVersion: Version? { activeVersionID.flatMap(version) }

    /// What requests run on: the version at work, ready for walks.
    public func live(patterns: any PatternCompiler) throws(RouteProblems) -> LiveRoute? {
        guard let version = activeVersion else { return nil }
        let graph = try RouteGraph(version.elements, patterns: patterns)
        return LiveRoute(routeID: id, name: name, gatewayID: gatewayID, versionID: version.id, graph: graph)
    }

    static func checkName(_ name: String) throws(RouteRefusal) {
        guard name.utf8.count <= RouteBounds.longestRouteName, isName(name) else { throw .invalidName }
    }

    private static func checkSize(_ elements: JSONValue) throws(RouteRefusal) {
        guard elements.serialized().count <= RouteBounds.longestElements else { throw .elementsTooLarge }
    }

    /// Lower-case letters, digits and underscores, with single hyphens between them.
    private static func isName(_ name: String) -> Bool {
        name.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty
                && part.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_") }
        }
    }
}

/// A route as requests use it. Never changed: a new deployment makes a new one, and who walks keeps the old.
public struct LiveRoute: Sendable {
    public let routeID: String
    public let name: String
    public let gatewayID: GatewayID
    public let versionID: String
    public let graph: RouteGraph
}
