import Domain

/// Where a run is reported to when it is over: reached by `https`, and not inside anybody's own network.
public struct WebhookAddress: Hashable, Sendable {
    public let url: String
    /// Whoever delivers asks the system for its addresses, and connects to none that ``PrivateNetworks`` contain.
    public let host: String
    public let allowsPrivate: Bool

    private static let longest = 2048

    init(_ text: String, allowsPrivate: Bool) throws(GatewayError) {
        guard let host = Self.host(of: text) else {
            throw Self.wrong("must be an address that begins with `https://`, of at most \(Self.longest) bytes")
        }
        guard allowsPrivate || !Self.isPrivate(host) else { throw Self.wrong("must not be in a private network") }
        url = text
        self.host = host
        self.allowsPrivate = allowsPrivate
    }

    private static func wrong(_ what: String) -> GatewayError {
        GatewayError(.invalidValue, "`options.webhookUrl` \(what).", param: "options.webhookUrl")
    }

    /// In lower case, without brackets. Nil where two readers could take the address for two different ones.
    private static func host(of text: String) -> String? {
        let scheme = "https://"
        guard text.utf8.count <= longest, text.prefix(scheme.count).lowercased() == scheme,
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "#") })
        else { return nil }
        let authority = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" }.lowercased()
        guard !authority.contains("@") else { return nil }
        let isNumbers = authority.hasPrefix("[")
        let end = isNumbers ? authority.firstIndex(of: "]") : authority.firstIndex(of: ":") ?? authority.endIndex
        guard let end else { return nil }
        let host = String(isNumbers ? authority[..<end].dropFirst() : authority[..<end])
        let rest = isNumbers ? authority[authority.index(after: end)...] : authority[end...]
        guard isPort(rest), isNumbers ? AddressRange(host) != nil && host.contains(":") : isName(host) else {
            return nil
        }
        return host
    }

    private static func isPort(_ text: Substring) -> Bool {
        guard let colon = text.first else { return true }
        guard colon == ":", (2...6).contains(text.utf8.count), let port = UInt16(text.dropFirst()) else { return false }
        return port > 0 && text.dropFirst().utf8.allSatisfy { (48...57).contains($0) }
    }

    private static func isName(_ host: String) -> Bool {
        (1...253).contains(host.utf8.count)
            && host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                (1...63).contains(label.utf8.count)
                    && label.utf8.allSatisfy {
                        (48...57).contains($0) || (97...122).contains($0) || $0 == 0x2D || $0 == 0x5F
                    }
            }
    }

    private static func isPrivate(_ host: String) -> Bool {
        if host.contains(":") { return PrivateNetworks.contain(host) }
        guard let dot = host.lastIndex(of: ".") else { return true }
        let last = host[host.index(after: dot)...]
        // Whatever ends like a number is read as an address by some, also in octal and hexadecimal.
        if last.utf8.first.map({ (48...57).contains($0) }) ?? true { return PrivateNetworks.contain(host) }
        return ["localhost", "local", "internal", "home", "lan", "corp", "intranet"].contains(String(last))
    }
}
