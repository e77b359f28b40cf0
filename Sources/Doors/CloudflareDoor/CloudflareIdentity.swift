public import Domain
import HTTPCore
public import HTTPServer
import Routing

/// Finds out who is calling, and whose gateways are meant.
public struct CloudflareIdentity: Sendable {
    public typealias Authenticate = @Sendable (_ key: String?, _ address: String) throws(GatewayError) -> Principal

    private let authenticate: Authenticate
    private let accountNamed: @Sendable (AccountID) -> Account?

    /// - Parameters:
    ///   - authenticate: From what was presented, and the address it came from.
    ///   - accountNamed: Open accounts, from memory.
    public init(authenticate: @escaping Authenticate, accountNamed: @escaping @Sendable (AccountID) -> Account?) {
        self.authenticate = authenticate
        self.accountNamed = accountNamed
    }

    /// For surfaces whose clients say who they are in the usual way.
    public func principal(of request: HTTPRequest) throws(GatewayError) -> Principal {
        let key =
            BearerKey.read(request.headers) ?? request.headers.first("x-auth-key")
            ?? request.headers.first("x-auth-user-service-key")
        return try principal(key, from: request.clientAddress)
    }

    public func principal(_ key: String?, from address: String) throws(GatewayError) -> Principal {
        try authenticate(key, address)
    }

    /// The account a path means. A name that is none of ours, such as the one a client was set up with for another
    /// service, means the caller's own.
    public func account(_ name: String, for principal: Principal) throws(GatewayError) -> Account {
        guard name != principal.accountID.rawValue, let named = accountNamed(AccountID(name)) else {
            return principal.account
        }
        let isParent = named.parentID == principal.accountID && principal.role >= .admin
        guard principal.role == .root || isParent else {
            throw GatewayError(.roleNotAllowed, "This key may not act for that account.")
        }
        return named
    }

    /// For callers without a key: the account of exactly that id, else the installation's own.
    public func account(named name: String) -> Account? {
        accountNamed(AccountID(name)) ?? accountNamed(Account.root)
    }
}
