internal import CSodium

/// BLAKE2b-256 under a secret key: what is stored instead of an API key.
///
/// Without the key the hashes can neither be made nor guessed at, so a stolen table of them opens nothing.
public struct KeyedHash: Sendable, CustomStringConvertible, CustomReflectable {
    public static let keyByteCount = 32

    private let key: [UInt8]

    public init(key: [UInt8]) throws(CryptoError) {
        guard key.count == Self.keyByteCount else {
            throw .keyLength(expected: Self.keyByteCount, actual: key.count)
        }
        self.key = key
    }

    public func hash(_ bytes: [UInt8]) -> Digest32 {
        unsafe bytes.withUnsafeBufferPointer { unsafe hash($0) }
    }

    /// Hashes the text's UTF-8.
    public func hash(_ text: String) -> Digest32 {
        var text = text
        return text.withUTF8 { unsafe hash($0) }
    }

    private func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Digest32 {
        Sodium.start()
        var digest = [UInt8](repeating: 0, count: Digest32.byteCount)
        let result = unsafe crypto_generichash(
            &digest, digest.count, bytes.baseAddress, UInt64(bytes.count), key, key.count)
        precondition(result == 0, "BLAKE2b refused lengths it is documented to take")
        guard let digest = Digest32(bytes: digest) else { preconditionFailure("a digest has 32 bytes") }
        return digest
    }

    public var description: String { "KeyedHash" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
