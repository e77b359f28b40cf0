import Domain

/// Reads where a custom provider is said to be.
struct ProviderAddress {
    static let longest = 2_048
    private static let longestHost = 253
    private static let longestLabel = 63
    private static let pathCharacters = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@%/".utf8)
    private static let hostCharacters = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._".utf8)

    /// Plain HTTP and addresses in networks of one's own are allowed too.
    let allowsPrivate: Bool

    /// The address without slashes at its end, or what is wrong with it. Names are not looked up: what they stand for
    /// can change until a call is made.
    func read(_ written: String) -> (address: String?, problem: String) {
        guard written.utf8.count <= Self.longest, let separator = written.firstRange(of: "://") else {
            return (nil, shape)
        }
        let scheme = written[..<separator.lowerBound].lowercased()
        guard scheme == "https" || (scheme == "http" && allowsPrivate) else {
            return (nil, scheme == "http" ? "must begin with https://" : shape)
        }
        let rest = written[separator.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        guard let host = Self.host(rest[..<slash]), rest[slash...].utf8.allSatisfy(Self.pathCharacters.contains) else {
            return (nil, shape)
        }
        guard allowsPrivate || !Self.isPrivate(host) else {
            return (nil, "must not be this machine or an address in a private network")
        }
        var address = written
        while address.hasSuffix("/") { address.removeLast() }
        return (address, "")
    }

    private var shape: String {
        "must be an https:// \(allowsPrivate ? "or http:// " : "")address without user name, query or fragment"
    }

    /// The host of `HOST[:PORT]`, an address without its brackets. Nil when it is none.
    private static func host(_ text: Substring) -> String? {
        let host: Substring
        let tail: Substring
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            tail = text[text.index(after: end)...]
            // A zone would name an interface of this machine.
            guard host.contains(":"), !host.contains("%"), !host.contains("/"), AddressRange(String(host)) != nil
            else { return nil }
        } else {
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            host = text[..<colon]
            tail = text[colon...]
            guard isName(host) else { return nil }
        }
        guard tail.isEmpty || isPort(tail.dropFirst()) && tail.first == ":" else { return nil }
        return host.lowercased()
    }

    private static func isPort(_ text: Substring) -> Bool {
        (1...5).contains(text.utf8.count) && text.utf8.allSatisfy { (48...57).contains($0) }
            && UInt16(text).map { $0 > 0 } ?? false
    }

    /// A name, or an IPv4 address written as everybody writes it: other spellings mean other things to other programs.
    private static func isName(_ text: Substring) -> Bool {
        let bare = text.hasSuffix(".") ? text.dropLast() : text
        let labels = bare.split(separator: ".", omittingEmptySubsequences: false)
        guard bare.utf8.count <= longestHost, bare.utf8.allSatisfy(hostCharacters.contains),
            labels.allSatisfy({ (1...longestLabel).contains($0.utf8.count) }), let last = labels.last
        else { return false }
        let isNumber = last.utf8.allSatisfy { (48...57).contains($0) } || last.lowercased().hasPrefix("0x")
        return !isNumber || (bare == text && !bare.contains("/") && AddressRange(String(bare)) != nil)
    }

    private static func isPrivate(_ host: String) -> Bool {
        let bare = host.hasSuffix(".") ? String(host.dropLast()) : host
        return bare == "localhost" || bare.hasSuffix(".localhost") || PrivateAddresses.contains(bare)
    }
}
