import Domain
public import JSON
import OperatingSystem

/// Which part of a list is shown.
public struct RoutePage: Hashable, Sendable {
    public static let usualSize = 20
    public static let mostPerPage = 100

    public let page: Int
    public let perPage: Int

    /// Numbers that cannot be are moved to the nearest that can.
    public init(page: Int = 1, perPage: Int = RoutePage.usualSize) {
        self.page = max(1, page)
        self.perPage = min(max(1, perPage), Self.mostPerPage)
    }

    func slice<Element>(_ all: [Element]) -> ArraySlice<Element> {
        let (start, isTooLarge) = (page - 1).multipliedReportingOverflow(by: perPage)
        return isTooLarge ? [] : all.dropFirst(start).prefix(perPage)
    }
}

extension DynamicRoute {
    /// With its version and deployment at work.
    ///
    /// - Parameter accountTag: Shown in lists.
    public func full(accountTag: String? = nil) -> JSONObject {
        var object = brief()
        if let accountTag { object["account_tag"] = .string(accountTag) }
        object["deployment"] = deployments.last.map { .object(deploymentShape($0)) } ?? .null
        object["version"] = activeVersion.map { .object(versionShape($0)) } ?? .null
        return object
    }

    /// With the elements of a version; of the one at work unless another is named.
    public func brief(_ version: Version? = nil) -> JSONObject {
        [
            "id": .string(id),
            "name": .string(name),
            "gateway_id": .string(gatewayID.rawValue),
            "created_at": time(createdAt),
            "modified_at": time(modifiedAt),
            "elements": (version ?? activeVersion)?.elements ?? [],
        ]
    }

    /// One version by itself, with the route around it.
    public func detailed(_ version: Version) -> JSONObject {
        var object = brief(version)
        object["version_id"] = .string(version.id)
        object["active"] = active(version)
        object["data"] = data(version)
        object["is_valid"] = .bool(version.isValid)
        return object
    }

    /// One version in a list. Whether it is active is a text, and its elements are a text of JSON.
    public func versionShape(_ version: Version) -> JSONObject {
        [
            "version_id": .string(version.id),
            "active": active(version),
            "created_at": time(version.createdAt),
            "data": data(version),
            "is_valid": .bool(version.isValid),
        ]
    }

    public func deploymentShape(_ deployment: Deployment) -> JSONObject {
        [
            "deployment_id": .string(deployment.id),
            "version_id": .string(deployment.versionID),
            "created_at": time(deployment.createdAt),
        ]
    }

    /// The newest first.
    public func versionList(_ page: RoutePage) -> JSONObject {
        Self.list("versions", page.slice(versions.reversed()).map { .object(versionShape($0)) }, page)
    }

    /// The newest first.
    public func deploymentList(_ page: RoutePage) -> JSONObject {
        Self.list("deployments", page.slice(deployments.reversed()).map { .object(deploymentShape($0)) }, page)
    }

    /// Routes of a gateway, the newest first.
    public static func routeList(_ routes: [DynamicRoute], _ page: RoutePage, accountTag: String?) -> JSONObject {
        let newest = routes.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
        return list("routes", page.slice(newest).map { .object($0.full(accountTag: accountTag)) }, page)
    }

    private static func list(_ name: String, _ items: [JSONValue], _ page: RoutePage) -> JSONObject {
        [
            name: .array(items),
            "order_by": "created_at",
            "order_by_direction": "desc",
            "page": .int(page.page),
            "per_page": .int(page.perPage),
        ]
    }

    private func active(_ version: Version) -> JSONValue {
        version.id == activeVersionID ? "true" : "false"
    }

    private func data(_ version: Version) -> JSONValue {
        .string(String(decoding: version.elements.serialized(), as: UTF8.self))
    }

    private func time(_ moment: Timestamp) -> JSONValue {
        .string(ISO8601.format(wallMicroseconds: moment.microseconds))
    }
}
