internal import CSodium

/// Bytes as base64 text.
public enum Base64 {
    /// The two alphabets in use.
    public enum Variant: Sendable {
        /// `+` and `/`, padded with `=`.
        case standard
        /// `-` and `_`, without padding: safe in addresses and file names.
        case urlSafe

        var code: Int32 {
            switch self {
            case .standard: sodium_base64_VARIANT_ORIGINAL
            case .urlSafe: sodium_base64_VARIANT_URLSAFE_NO_PADDING
            }
        }
    }

    public static func encode(_ bytes: [UInt8], _ variant: Variant = .standard) -> String {
        // The length counts the NUL that C writes.
        var text = [CChar](repeating: 0, count: sodium_base64_encoded_len(bytes.count, variant.code))
        _ = unsafe sodium_bin2base64(&text, text.count, bytes, bytes.count, variant.code)
        return String(ascii: text.dropLast())
    }

    /// The bytes of canonical text in exactly this variant; otherwise nil.
    public static func decode(_ text: String, _ variant: Variant = .standard) -> [UInt8]? {
        let count = text.utf8.count
        var bytes = [UInt8](repeating: 0, count: count / 4 * 3 + 3)
        var decoded = 0
        let result = unsafe sodium_base642bin(&bytes, bytes.count, text, count, nil, &decoded, nil, variant.code)
        return result == 0 ? Array(bytes.prefix(decoded)) : nil
    }
}
