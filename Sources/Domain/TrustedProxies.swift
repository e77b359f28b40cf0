/// Proxies before the gateway that are believed to tell whose request they hand on.
public struct TrustedProxies: Hashable, Sendable {
    private let ranges: [AddressRange]

    public static let none = TrustedProxies([])

    public init(_ ranges: [AddressRange]) {
        self.ranges = ranges
    }

    /// Whose request it is.
    ///
    /// Each proxy writes at the end of the list whom it got the request from. So the list is read from the end as far
    /// as it was written by those who are trusted; what stands before that, anybody may have made up. Where something
    /// on that way is no address, or nobody else is named, it is the peer's request.
    ///
    /// - Parameters:
    ///   - peer: The address of the socket's other end.
    ///   - forwardedFor: The fields `X-Forwarded-For` in their order.
    public func caller(peer: String, forwardedFor: [String]) -> String {
        guard trusts(peer) else { return peer }
        for field in forwardedFor.reversed() {
            for entry in field.split(separator: ",", omittingEmptySubsequences: false).reversed() {
                let address = Self.trimmed(entry)
                guard AddressRange.isAddress(address) else { return peer }
                if !trusts(address) { return address }
            }
        }
        return peer
    }

    private func trusts(_ address: String) -> Bool { ranges.contains { $0.contains(address) } }

    private static func trimmed(_ entry: Substring) -> String {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        let begin = entry.drop(while: isBlank)
        return String(begin.prefix(begin.count - begin.reversed().prefix(while: isBlank).count))
    }
}
