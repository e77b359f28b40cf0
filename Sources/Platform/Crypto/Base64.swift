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
        let capacity = sodium_base64_encoded_len(bytes.count, variant.code)
        let text = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, filled in
            unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
                _ = unsafe sodium_bin2base64(characters.baseAddress, capacity, bytes, bytes.count, variant.code)
            }
            filled = capacity - 1
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of canonical text in exactly this variant; otherwise nil.
    public static func decode(_ text: String, _ variant: Variant = .standard) -> [UInt8]? {
        let count = text.utf8.count
        let capacity = count / 4 * 3 + 3
        var isValid = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, filled in
            var decoded = 0
            let result = unsafe sodium_base642bin(
                buffer.baseAddress, capacity, text, count, nil, &decoded, nil, variant.code)
            isValid = result == 0
            filled = isValid ? decoded : 0
        }
        return isValid ? bytes : nil
    }
}
