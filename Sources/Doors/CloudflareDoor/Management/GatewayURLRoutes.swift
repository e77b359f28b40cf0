import Domain
public import Gateways
import JSON
import Routing

/// `…/gateways/{gateway}/url/{provider}`
public struct GatewayURLRoutes: Sendable {
    private let desk: GatewayDesk
    private let urls: GatewayURLs

    public init(_ desk: GatewayDesk, _ urls: GatewayURLs) {
        self.desk = desk
        self.urls = urls
    }

    public var routes: [CloudflareRoute] {
        [.manage("GET", "/client/v4/accounts/{account}/ai-gateway/gateways/{gateway}/url/{provider}", url)]
    }

    @Sendable private func url(_ call: CloudflareCall) throws(GatewayError) -> CloudflareReply {
        let account = try call.owner.account.id
        let gateway = try desk.gateway(call.gateway, of: account)
        return .result(.string(try urls.url(of: gateway.id, account, provider: call.parts["provider"])))
    }
}
