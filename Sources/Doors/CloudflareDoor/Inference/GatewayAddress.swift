public import Domain

/// Where gateways are reached, as clients are told.
public struct GatewayAddress: Sendable {
    private let base: String

    /// - Parameter base: Up to the account's id, such as `https://aig.example.com/gateway/v1`.
    public init(base: String) {
        self.base = base.hasSuffix("/") ? String(base.dropLast()) : base
    }

    /// - Parameter provider: `universal` for the address of requests with several steps, which ends in a slash.
    public func url(_ account: AccountID, _ gateway: GatewayID, provider: String) -> String {
        let prefix = "\(base)/\(Self.part(account.rawValue))/\(Self.part(gateway.rawValue))/"
        return provider == "universal" ? prefix : prefix + Self.part(provider)
    }

    /// Names of accounts, gateways and providers have no other characters; whatever else is asked for is escaped.
    private static func part(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
