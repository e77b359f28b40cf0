public import Accounts
public import Domain
public import HTTPServer

/// One method on one path: who may call it, and what it does.
public struct Route: Sendable {
    public let method: String
    /// Such as `/v1/keys/{id}`: one part of the path may stand for anything.
    public let pattern: String
    public let access: Access
    /// Longer bodies are refused.
    public let maximumBodyBytes: Int
    let action: Action

    public typealias Action = @Sendable (ManagementCall, ManagementDesks) async throws(GatewayError) -> ManagementReply

    /// Nobody else is let in.
    public enum Access: Hashable, Sendable {
        /// Keys of this role or a higher one; keys of sub-accounts only where that is said.
        case role(Role, subAccounts: Bool)
        /// No key is asked for: the route finds out by itself whom to believe.
        case withoutKey
    }

    public static let usualBodyBytes = 64 << 10

    /// - Parameter action: Called off the loops; it may block.
    public init(
        _ method: String, _ pattern: String, access: Access, maximumBodyBytes: Int = Route.usualBodyBytes,
        action: @escaping Action
    ) {
        self.method = method
        self.pattern = pattern
        self.access = access
        self.maximumBodyBytes = maximumBodyBytes
        self.action = action
    }

    /// A line of the table.
    init(
        _ method: String, _ pattern: String, _ least: Role, subAccounts: Bool = false,
        _ action: @escaping @Sendable (ManagementCall, ManagementDesks) throws(GatewayError) -> ManagementReply
    ) {
        self.init(method, pattern, access: .role(least, subAccounts: subAccounts)) {
            call, desks throws(GatewayError) in try action(call, desks)
        }
    }

    /// Reading changes nothing.
    var isReading: Bool { method == "GET" }

    /// Nil when the path is another; else the part that stands for something, empty when the pattern has none.
    func match(_ path: String) -> Substring? {
        var found: Substring = ""
        var (wanted, given) = (pattern[...], path[...])
        while let part = Self.takePart(&wanted) {
            guard let actual = Self.takePart(&given) else { return nil }
            if part.utf8.first == UInt8(ascii: "{") {
                guard !actual.isEmpty else { return nil }
                found = actual
            } else if part != actual {
                return nil
            }
        }
        return given.isEmpty ? found : nil
    }

    /// The next part of a path, without the slash before it.
    private static func takePart(_ path: inout Substring) -> Substring? {
        guard path.utf8.first == UInt8(ascii: "/") else { return nil }
        let part = path.utf8.dropFirst().prefix { $0 != UInt8(ascii: "/") }
        path = path[part.endIndex...]
        return Substring(part)
    }
}

/// A request that was let in.
public struct ManagementCall: Sendable {
    public let request: HTTPRequest
    public let requestID: RequestID
    /// What stands in the path where the pattern has `{…}`, decoded.
    public let id: String
    /// Nil on routes without a key only.
    public let principal: Principal?
    /// Whom the call manages: the caller's own account, or the one root named. Nil on routes without a key only.
    public let account: Account?
}
