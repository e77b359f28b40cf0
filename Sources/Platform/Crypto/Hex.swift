internal import CSodium

/// Bytes as hexadecimal digits.
public enum Hex {
    /// Two lower-case digits a byte.
    public static func encode(_ bytes: [UInt8]) -> String {
        // One more for the NUL that C writes.
        let capacity = bytes.count * 2 + 1
        let text = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, filled in
            unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
                _ = unsafe sodium_bin2hex(characters.baseAddress, capacity, bytes, bytes.count)
            }
            filled = capacity - 1
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Digits of either case, nothing else and an even number of them; otherwise nil.
    public static func decode(_ text: String) -> [UInt8]? {
        let count = text.utf8.count
        guard count.isMultiple(of: 2) else { return nil }
        var decoded = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count / 2) { buffer, filled in
            let result = unsafe sodium_hex2bin(buffer.baseAddress, count / 2, text, count, nil, &decoded, nil)
            filled = result == 0 ? decoded : 0
        }
        return bytes.count == count / 2 ? bytes : nil
    }
}
