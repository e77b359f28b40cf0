public import Domain
import Gateways

/// Where calls through gateways go.
public struct GatewayURLs: Sendable {
    private static let universal = "universal"
    private let base: String

    /// - Parameter base: Where clients reach this server, without a slash at its end.
    public init(base: String) {
        self.base = base
    }

    /// The address of a gateway for a provider's own wire; for `universal` the gateway's own, with a slash at its end.
    public func url(
        of gateway: GatewayID, _ account: AccountID, provider: String
    ) throws(GatewayError) -> String {
        let address = "\(base)/gateway/v1/\(account)/\(gateway)/"
        if provider == Self.universal { return address }
        guard provider == "compat" || GatewayProviders.isKnown(provider) else {
            throw GatewayError(
                .invalidValue,
                "There is no such provider; the name is one as in addresses of gateways, such as openai.",
                param: "/provider")
        }
        return address + provider
    }
}
