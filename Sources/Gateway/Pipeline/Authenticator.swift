public import Domain

/// Finds out who is calling.
public struct Authenticator: Sendable {
    private let keys: KeyRing
    private let clock: any WallClock
    private let proxies: TrustedProxies

    /// - Parameter proxies: Those that tell whose request they hand on.
    public init(keys: KeyRing, clock: any WallClock, proxies: TrustedProxies = .none) {
        self.keys = keys
        self.clock = clock
        self.proxies = proxies
    }

    /// Every key that is not good gets the one answer, so that it tells nothing about which part was wrong.
    ///
    /// - Parameters:
    ///   - peer: The address of the socket's other end.
    ///   - forwardedFor: The fields `X-Forwarded-For`; asked for only where they matter.
    public func principal(
        _ presented: String?, from peer: String, forwardedFor: @autoclosure () -> [String] = []
    ) throws(GatewayError) -> Principal {
        guard let presented, !presented.isEmpty else {
            throw GatewayError(.invalidKey, "No API key was sent. Send `Authorization: Bearer sk-aig-…`.")
        }
        guard let principal = keys.principal(for: presented, now: clock.now()) else {
            throw GatewayError(
                .invalidKey,
                "The API key is not valid: unknown, revoked, expired or mistyped. Send `Authorization: Bearer sk-aig-…`."
            )
        }
        let allowed = principal.key.scope.allowedAddresses
        guard !allowed.isEmpty else { return principal }
        let address = proxies.caller(peer: peer, forwardedFor: forwardedFor())
        guard allowed.contains(where: { AddressRange($0)?.contains(address) ?? false }) else {
            throw GatewayError(
                .addressNotAllowed, "This key may not be used from your address. Its owner decides from where it may.")
        }
        return principal
    }
}
