import Domain
import HTTPCore
import HTTPServer
import Routing

/// Who calls on the gateway host, as far as that can be told: whether it is enough, the gateway itself says.
struct HostCaller {
    /// Nil without a good key of this installation.
    let principal: Principal?
    let account: Account

    init(_ call: CloudflareCall, _ identity: CloudflareIdentity) throws(GatewayError) {
        let name = call.parts["account"]
        if let key = Self.key(in: call.request),
            let principal = try? identity.principal(key, from: call.request.clientAddress)
        {
            self.principal = principal
            account = try identity.account(name, for: principal)
            return
        }
        guard let account = identity.account(named: name) else {
            throw GatewayError(.gatewayNotFound, "There is no such account, and so no gateway of it.")
        }
        principal = nil
        self.account = account
    }

    /// The key for the gateway, else one of ours where a vendor's would stand.
    private static func key(in request: HTTPRequest) -> String? {
        if let field = request.headers.first("cf-aig-authorization") {
            return GatewayKey.find(in: field) ?? field
        }
        return ForwardedHeaders(request.headers.pairs.map { ($0.name, $0.value) }).ownKey
            ?? request.query.split(separator: "&").lazy
            .compactMap { PercentEncoding.decode(String($0)).flatMap(GatewayKey.find) }.first
    }
}
