internal import CSodium

/// HMAC with SHA-256, as webhook signatures use it. The key may have any length.
public enum HMACSHA256 {
    public static func authenticate(_ message: [UInt8], key: [UInt8]) -> Digest32 {
        Sodium.start()
        var state = crypto_auth_hmacsha256_state()
        var digest = [UInt8](repeating: 0, count: Digest32.byteCount)
        // None of the three can fail: each returns 0 for every input.
        _ = unsafe crypto_auth_hmacsha256_init(&state, key, key.count)
        _ = unsafe crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        _ = unsafe crypto_auth_hmacsha256_final(&state, &digest)
        unsafe sodium_memzero(&state, MemoryLayout.size(ofValue: state))
        guard let digest = Digest32(bytes: digest) else { preconditionFailure("a digest has 32 bytes") }
        return digest
    }

    /// The code as 64 lower-case hexadecimal digits.
    public static func hex(_ message: [UInt8], key: [UInt8]) -> String {
        authenticate(message, key: key).hex
    }
}
