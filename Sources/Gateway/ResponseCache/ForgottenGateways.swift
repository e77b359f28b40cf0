import Domain

/// How often each gateway's answers were forgotten, so that an answer that was under way meanwhile is not found.
struct ForgottenGateways {
    /// When more gateways were forgotten, the keys of all change.
    static let most = 10_000

    private struct Name: Hashable {
        let account: AccountID
        let gateway: GatewayID
    }

    private var everybody: UInt64 = 0
    private var own: [Name: UInt64] = [:]

    func age(_ account: AccountID, _ gateway: GatewayID) -> GatewayAge {
        let own = own.isEmpty ? 0 : own[Name(account: account, gateway: gateway)] ?? 0
        return GatewayAge(everybody: everybody, own: own)
    }

    mutating func add(_ account: AccountID, _ gateway: GatewayID) {
        let name = Name(account: account, gateway: gateway)
        guard own[name] != nil || own.count < Self.most else {
            everybody += 1
            own.removeAll()
            return
        }
        own[name, default: 0] += 1
    }
}

/// Grows when the gateway's answers are forgotten.
struct GatewayAge: Hashable, Sendable {
    let everybody: UInt64
    let own: UInt64
}
