public import HTTPCore

/// The key of `Authorization: Bearer …`.
public enum BearerKey {
    public static func read(_ headers: HeaderFields) -> String? {
        guard let value = headers.first("authorization") else { return nil }
        let scheme = "bearer "
        guard value.utf8.count > scheme.utf8.count,
            zip(value.utf8, scheme.utf8).allSatisfy({ $0 | 0x20 == $1 | 0x20 })
        else { return nil }
        let key = value.utf8.dropFirst(scheme.utf8.count).drop { $0 == UInt8(ascii: " ") }
        return key.isEmpty ? nil : String(Substring(key))
    }
}
