/// Where the server listens.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// A name or an address, an IPv6 one without its brackets.
    public let host: String
    /// Zero lets the system choose one.
    public let port: UInt16

    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT` or `[IPV6]:PORT`.
    public init?(_ text: String) {
        guard let (host, port) = HostAndPort.split(text), let port else { return nil }
        self.init(host: host, port: port)
    }

    public var description: String { HostAndPort.join(host, port) }
}

/// The part of an address that names a machine.
enum HostAndPort {
    /// The longest name DNS knows.
    private static let longestHost = 253
    private static let nameCharacters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._".utf8)
    private static let ipv6Characters = Set("0123456789abcdefABCDEF:.".utf8)

    /// The host without brackets, and the port if one is given. Nil when either is malformed.
    static func split(_ text: String) -> (host: String, port: UInt16?)? {
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]") else { return nil }
            let host = text[text.index(after: text.startIndex)..<close]
            guard host.contains(":"), host.utf8.allSatisfy(ipv6Characters.contains) else { return nil }
            return withPort(text[text.index(after: close)...], host: host)
        }
        let colon = text.firstIndex(of: ":") ?? text.endIndex
        let host = text[..<colon]
        guard !host.isEmpty, host.utf8.allSatisfy(nameCharacters.contains) else { return nil }
        return withPort(text[colon...], host: host)
    }

    static func join(_ host: String, _ port: UInt16) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private static func withPort(_ rest: Substring, host: Substring) -> (host: String, port: UInt16?)? {
        guard host.utf8.count <= longestHost else { return nil }
        if rest.isEmpty { return (String(host), nil) }
        let digits = rest.dropFirst()
        guard rest.hasPrefix(":"), isDigits(digits), let port = UInt16(digits) else { return nil }
        return (String(host), port)
    }
}

/// True for one or more ASCII digits, and nothing else: no sign, no space.
func isDigits(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
}
