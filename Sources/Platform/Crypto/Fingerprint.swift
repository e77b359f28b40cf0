internal import CSodium

/// BLAKE2b-256 without a key: tells contents apart, also such as somebody made to look alike. It hides nothing.
public enum Fingerprint {
    public static func of(_ bytes: [UInt8]) -> Digest32 {
        Sodium.start()
        var digest = [UInt8](repeating: 0, count: Digest32.byteCount)
        let result = unsafe crypto_generichash(&digest, digest.count, bytes, UInt64(bytes.count), nil, 0)
        precondition(result == 0, "BLAKE2b refused lengths it is documented to take")
        guard let digest = Digest32(bytes: digest) else { preconditionFailure("a digest has 32 bytes") }
        return digest
    }
}
