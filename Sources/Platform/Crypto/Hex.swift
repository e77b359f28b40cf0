internal import CSodium

/// Bytes as hexadecimal digits.
public enum Hex {
    /// Two lower-case digits a byte.
    public static func encode(_ bytes: [UInt8]) -> String {
        // One more for the NUL that C writes.
        var text = [CChar](repeating: 0, count: bytes.count * 2 + 1)
        _ = unsafe sodium_bin2hex(&text, text.count, bytes, bytes.count)
        return String(ascii: text.dropLast())
    }

    /// Digits of either case, nothing else and an even number of them; otherwise nil.
    public static func decode(_ text: String) -> [UInt8]? {
        let count = text.utf8.count
        guard count.isMultiple(of: 2) else { return nil }
        var bytes = [UInt8](repeating: 0, count: count / 2)
        var decoded = 0
        let result = unsafe sodium_hex2bin(&bytes, bytes.count, text, count, nil, &decoded, nil)
        return result == 0 && decoded == bytes.count ? bytes : nil
    }
}

extension String {
    /// What libsodium wrote: ASCII characters, without the NUL.
    init(ascii characters: some Sequence<CChar>) {
        self.init(decoding: characters.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
