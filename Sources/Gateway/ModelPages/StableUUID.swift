import Crypto

/// Ids that follow from names, so that they are the same on every installation and after every start.
public enum StableUUID {
    /// What a name is of.
    public enum Kind: String, Sendable {
        case model, author
    }

    /// A UUID of version 8: a hash of the name.
    public static func of(_ kind: Kind, _ name: String) -> String {
        let hash = HMACSHA256.hex(Array(name.utf8), key: Array("aigateway.\(kind.rawValue)".utf8))
        var digits = Array(hash.utf8.prefix(32))
        digits[12] = UInt8(ascii: "8")
        digits[16] = UInt8(ascii: "a")
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        return groups.map { String(decoding: digits[$0], as: UTF8.self) }.joined(separator: "-")
    }
}
