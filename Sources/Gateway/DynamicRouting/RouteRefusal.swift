public import Domain
import JSON

/// Why something was not done with a route.
public enum RouteRefusal: Error, Hashable, Sendable {
    case invalidName
    case invalidElements(RouteProblems)
    case elementsTooLarge
    case tooManyVersions
    case versionNotFound
    /// A draft that was to be deployed.
    case invalidVersion(RouteProblems)
    case versionInUse

    /// As every door can word it.
    public var error: GatewayError {
        switch self {
        case .invalidName: GatewayError(.invalidValue, message, param: "/name")
        case .invalidElements(let problems):
            GatewayError(.invalidValue, message, param: problems.list.first?.pointer.text)
        case .elementsTooLarge: GatewayError(.invalidValue, message, param: "/elements")
        case .invalidVersion: GatewayError(.invalidValue, message, param: "/version_id")
        case .versionNotFound: GatewayError(.objectNotFound, message)
        case .tooManyVersions, .versionInUse: GatewayError(.conflict, message)
        }
    }

    /// For the person who reads it.
    public var message: String {
        switch self {
        case .invalidName:
            "The name must be 1 to \(RouteBounds.longestRouteName) lower-case letters, digits and underscores, "
                + "with single hyphens between them."
        case .invalidElements(let problems): "The elements are not valid. \(problems)"
        case .elementsTooLarge: "The elements must be at most \(RouteBounds.longestElements) bytes of JSON."
        case .tooManyVersions:
            "A route keeps at most \(RouteBounds.mostVersions) versions. Delete versions that are not active first."
        case .versionNotFound: "There is no such version of this route."
        case .invalidVersion(let problems): "The version is not valid and cannot be deployed. \(problems)"
        case .versionInUse: "The version is active. Deploy another one first."
        }
    }
}
