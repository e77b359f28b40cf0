/// The parts of an address that matter here; nil for what is no `http` or `https` address.
struct OTLPAddress {
    /// With its port, if one is given.
    let host: String

    static let longest = 2_048

    init?(_ url: String) {
        guard url.utf8.count <= Self.longest, url.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else { return nil }
        let lower = url.lowercased()
        guard let scheme = ["https://", "http://"].first(where: { lower.hasPrefix($0) }) else { return nil }
        let rest = url.dropFirst(scheme.count)
        let authority = rest.prefix { !"/?#\\".contains($0) }
        // A user in the address would be a secret where none is looked for.
        guard !authority.contains("@"), let host = Self.checked(authority) else { return nil }
        self.host = host
    }

    private static func checked(_ authority: Substring) -> String? {
        let isBracketed = authority.hasPrefix("[")
        let end =
            isBracketed ? authority.firstIndex(of: "]").map(authority.index(after:)) : authority.firstIndex(of: ":")
        let name = authority[..<(end ?? authority.endIndex)]
        let port = authority[name.endIndex...]
        guard !name.isEmpty, name != "[]", !isBracketed || end != nil else { return nil }
        if !port.isEmpty {
            guard port.hasPrefix(":"), let number = UInt16(port.dropFirst()), number > 0 else { return nil }
        }
        return String(authority)
    }
}
