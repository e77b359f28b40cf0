/// A network such as `10.0.0.0/8` or `2001:db8::/32`, or a single address.
///
/// An IPv4 address inside an IPv6 one (`::ffff:192.0.2.7`) is taken for the IPv4 address it is.
public struct AddressRange: Hashable, Sendable {
    private let first: InternetAddress
    private let prefixLength: Int

    /// Nil unless the text is an address, or one with the length of a prefix behind it. Bits beyond the prefix do not
    /// matter.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let (address, isMapped) = InternetAddress.parse(parts[0]) else { return nil }
        var length = address.width
        if parts.count == 2 {
            guard let written = Self.number(parts[1]) else { return nil }
            length = isMapped ? written - 96 : written
        }
        guard (0...address.width).contains(length) else { return nil }
        prefixLength = length
        first = address.cut(to: length)
    }

    /// Whether the text is a single address and nothing else.
    public static func isAddress(_ text: String) -> Bool { InternetAddress.parse(text[...]) != nil }

    /// Whether an address as sockets write it lies in the network. What is no address lies in none.
    public func contains(_ address: String) -> Bool {
        // Link-local addresses come with the interface they are of.
        let bare = address.prefix { $0 != "%" }
        guard let (address, _) = InternetAddress.parse(bare), address.width == first.width else { return false }
        return address.cut(to: prefixLength) == first
    }

    private static func number(_ text: Substring) -> Int? {
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
            text.utf8.count == 1 || text.utf8.first != 48
        else { return nil }
        return Int(text)
    }
}

/// The bits of an address, and how many of them there are.
private struct InternetAddress: Hashable, Sendable {
    let bits: UInt128
    let width: Int

    static func parse(_ text: Substring) -> (address: InternetAddress, isMapped: Bool)? {
        if let bits = InternetAddressText.version4(text) {
            return (InternetAddress(bits: UInt128(bits), width: 32), false)
        }
        guard let bits = InternetAddressText.version6(text) else { return nil }
        guard bits >> 32 == 0xFFFF else { return (InternetAddress(bits: bits, width: 128), false) }
        return (InternetAddress(bits: bits & 0xFFFF_FFFF, width: 32), true)
    }

    func cut(to length: Int) -> InternetAddress {
        // A shift by the whole width leaves nothing, which is right for a prefix of no bits.
        InternetAddress(bits: (bits >> (width - length)) << (width - length), width: width)
    }
}

/// Reads the usual spellings of addresses, and none that two programs could read differently.
private enum InternetAddressText {
    static func version4(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            // A zero in front would be read as octal by some.
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (48...57).contains($0) }),
                part.utf8.count == 1 || part.utf8.first != 48, let value = UInt8(part)
            else { return nil }
            bits = bits << 8 | UInt32(value)
        }
        return bits
    }

    static func version6(_ text: Substring) -> UInt128? {
        guard text.utf8.count <= 45 else { return nil }
        guard let gap = text.firstRange(of: "::") else {
            return groups(text, isEnd: true).flatMap { $0.count == 8 ? join($0) : nil }
        }
        guard let head = groups(text[..<gap.lowerBound], isEnd: false),
            let tail = groups(text[gap.upperBound...], isEnd: true), head.count + tail.count < 8
        else { return nil }
        return join(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    private static func groups(_ text: Substring, isEnd: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if isEnd, index == parts.count - 1, let last = version4(part) {
                groups += [UInt16(last >> 16), UInt16(truncatingIfNeeded: last)]
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexDigit),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...102).contains(byte | 0x20)
    }

    private static func join(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }
}
