import Domain
import Providers
import Telemetry

/// What of a caller's header fields goes on to a vendor, and which vendor key is among them.
struct ForwardedHeaders {
    /// Without keys of this gateway.
    private(set) var fields: [(String, String)]
    /// The first key of this gateway among them, which is to reach nobody.
    private(set) var ownKey: String?

    /// About the connection, the way to this gateway, or how the gateway is to read the answer.
    private static let withheld: Set<String> = [
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade", "host", "content-length", "expect", "accept-encoding", "cookie", "forwarded",
        "via", "x-real-ip", "x-request-id",
    ]
    /// Controls of gateways, and what proxies and this gateway's own clients add.
    private static let withheldPrefixes = ["cf-", "x-forwarded-", "x-aig-", "x-byok-", "sec-websocket-"]

    init(_ received: [(String, String)]) {
        let connection = received.filter { $0.0.lowercased() == "connection" }
            .flatMap { $0.1.lowercased().split(separator: ",") }
            .map { $0.split(separator: " ").joined() }
        fields = []
        for (name, value) in received {
            let lower = name.lowercased()
            if let key = GatewayKey.find(in: value) {
                ownKey = ownKey ?? key
            } else if !Self.withheld.contains(lower), !connection.contains(lower),
                !Self.withheldPrefixes.contains(where: lower.hasPrefix)
            {
                fields.append((name, value))
            }
        }
    }

    /// The caller's own key for that vendor. Fields that are there for a key but hold none are taken out, so that
    /// another key can go into their place.
    ///
    /// - Parameter vendor: Nil for one that an account has defined.
    mutating func takeVendorKey(_ vendor: NativeVendor?) -> Secret? {
        let names = [vendor?.keyHeaderName, "authorization", vendor == nil ? "x-api-key" : nil].compactMap { $0 }
        var found: Secret?
        fields.removeAll { name, value in
            guard names.contains(name.lowercased()) else { return false }
            let key = Self.key(in: value)
            if let key, found == nil { found = Secret(key) }
            return key == nil
        }
        return found
    }

    mutating func add(_ name: String, _ value: String) {
        fields.append((name, value))
    }

    func has(_ name: String) -> Bool {
        fields.contains { $0.0.lowercased() == name }
    }

    /// What stands behind `Bearer`, `Token` or `Key`; nil when nothing does.
    private static func key(in value: String) -> String? {
        let parts = value.split(separator: " ", maxSplits: 1)
        guard let first = parts.first else { return nil }
        guard ["bearer", "token", "key"].contains(first.lowercased()) else { return value }
        return parts.count == 2 ? String(parts[1]) : nil
    }
}

/// Keys of this gateway, wherever callers put them.
enum GatewayKey {
    /// The key in a header field or a parameter, with or without a scheme before it.
    static func find(in value: String) -> String? {
        guard let start = value.firstRange(of: APIKey.secretPrefix)?.lowerBound else { return nil }
        return String(value[start...].prefix { $0 != " " && $0 != "," && $0 != "\"" })
    }
}
