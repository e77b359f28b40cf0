import Domain
import Routing
import Telemetry

/// What stands behind a vendor's name in a path, as it goes on to that vendor.
struct NativePath {
    /// Without a slash before it.
    private(set) var path: String
    /// Nil without a `?`.
    private(set) var query: String?

    /// - Parameter text: Path and query. Whatever could make it lead out of the vendor's base, or be read differently
    ///   by two readers, is refused.
    init(_ text: String, _ limits: InferenceLimits) throws(GatewayError) {
        guard text.utf8.count <= limits.pathBytes else {
            throw Self.wrong("has more than \(limits.pathBytes) bytes")
        }
        guard
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "\\") })
        else { throw Self.wrong("has characters that must be percent-encoded") }
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(Substring(parts[0].utf8.drop { $0 == UInt8(ascii: "/") }))
        query = parts.count > 1 ? String(parts[1]) : nil
        for part in path.split(separator: "/") {
            guard let decoded = PercentEncoding.decode(String(part)) else {
                throw Self.wrong("has a broken percent-encoding")
            }
            // A vendor may take an encoded slash for one.
            guard !decoded.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) else {
                throw Self.wrong("has a `.` or `..` in it")
            }
        }
    }

    var text: String { query.map { "\(path)?\($0)" } ?? path }

    /// Takes parameters out of the query: those that hold a key of this gateway, and the one of that name.
    mutating func takeKeys(_ name: String?) -> (own: String?, vendor: String?) {
        guard let query else { return (nil, nil) }
        var (own, vendor): (String?, String?)
        let kept = query.split(separator: "&", omittingEmptySubsequences: false).filter { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return true }
            let value = PercentEncoding.decode(String(parts[1])) ?? String(parts[1])
            if let key = GatewayKey.find(in: value) {
                own = own ?? key
                return false
            }
            guard let name, parts[0] == name, !value.isEmpty else { return true }
            vendor = vendor ?? value
            return false
        }
        self.query = kept.isEmpty ? nil : kept.joined(separator: "&")
        return (own, vendor)
    }

    private static func wrong(_ what: String) -> GatewayError {
        GatewayError(.invalidValue, "The path behind the provider \(what).", param: "endpoint")
    }
}
