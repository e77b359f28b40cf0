/// The address of an HTTP service: scheme, host, port, and a path without its last slash.
public struct HTTPAddress: Sendable, Hashable, CustomStringConvertible {
    public let isSecure: Bool
    /// In lower case, an IPv6 address without its brackets.
    public let host: String
    public let port: UInt16
    /// Empty, or begins with a slash.
    public let path: String
    /// The address as written, without its last slash.
    public let text: String

    private static let longest = 2_048
    private static let pathCharacters = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@%/".utf8)

    /// Reads `http://` or `https://`, a host, and what may follow. User names, queries and fragments are refused.
    public init?(_ written: String) {
        guard written.utf8.count <= Self.longest, let separator = written.firstRange(of: "://") else { return nil }
        switch written[..<separator.lowerBound].lowercased() {
        case "http": isSecure = false
        case "https": isSecure = true
        default: return nil
        }
        let rest = written[separator.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        guard let (host, port) = HostAndPort.split(String(rest[..<slash])), port != 0 else { return nil }
        let path = rest[slash...]
        guard path.utf8.allSatisfy(Self.pathCharacters.contains) else { return nil }
        self.host = host.lowercased()
        self.port = port ?? (isSecure ? 443 : 80)
        self.path = Self.withoutLastSlashes(path)
        self.text = Self.withoutLastSlashes(written[...])
    }

    public var description: String { text }

    private static func withoutLastSlashes(_ text: Substring) -> String {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        return String(text)
    }
}
