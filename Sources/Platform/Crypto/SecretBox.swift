internal import CSodium

/// Encryption with a secret key (XChaCha20-Poly1305): what is opened is exactly what was sealed, or nothing.
public struct SecretBox: Sendable, CustomStringConvertible, CustomReflectable {
    public static let keyByteCount = 32
    /// The random nonce before the content and the authentication code with it.
    public static let overheadByteCount = nonceByteCount + codeByteCount

    private static let nonceByteCount = 24
    private static let codeByteCount = 16

    private let key: [UInt8]

    public init(key: [UInt8]) throws(CryptoError) {
        guard key.count == Self.keyByteCount else {
            throw .keyLength(expected: Self.keyByteCount, actual: key.count)
        }
        self.key = key
    }

    /// Seals bytes under a fresh nonce; the same bytes never look the same twice.
    public func seal(_ content: [UInt8]) -> [UInt8] {
        let nonce = SecureRandom.bytes(Self.nonceByteCount)
        return nonce + seal(content, nonce: nonce)
    }

    func seal(_ content: [UInt8], nonce: [UInt8]) -> [UInt8] {
        Sodium.start()
        var box = [UInt8](repeating: 0, count: content.count + Self.codeByteCount)
        let result = unsafe crypto_secretbox_xchacha20poly1305_easy(
            &box, content, UInt64(content.count), nonce, key)
        precondition(result == 0, "sealing fails for no input that fits in memory")
        return box
    }

    /// Opens what ``seal(_:)`` made.
    public func open(_ sealed: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard sealed.count >= Self.overheadByteCount else { throw .notAuthentic }
        Sodium.start()
        let nonce = Array(sealed.prefix(Self.nonceByteCount))
        let box = Array(sealed.dropFirst(Self.nonceByteCount))
        var content = [UInt8](repeating: 0, count: box.count - Self.codeByteCount)
        let result = unsafe crypto_secretbox_xchacha20poly1305_open_easy(
            &content, box, UInt64(box.count), nonce, key)
        guard result == 0 else { throw .notAuthentic }
        return content
    }

    public var description: String { "SecretBox" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
