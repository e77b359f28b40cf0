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
        let size = content.count + Self.codeByteCount
        return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            let result = unsafe crypto_secretbox_xchacha20poly1305_easy(
                buffer.baseAddress, content, UInt64(content.count), nonce, key)
            precondition(result == 0, "sealing fails for no input that fits in memory")
            filled = size
        }
    }

    /// Opens what ``seal(_:)`` made.
    public func open(_ sealed: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard sealed.count >= Self.overheadByteCount else { throw .notAuthentic }
        Sodium.start()
        let nonce = Array(sealed.prefix(Self.nonceByteCount))
        let box = Array(sealed.dropFirst(Self.nonceByteCount))
        var isAuthentic = false
        let content = unsafe [UInt8](unsafeUninitializedCapacity: box.count) { buffer, filled in
            let result = unsafe crypto_secretbox_xchacha20poly1305_open_easy(
                buffer.baseAddress, box, UInt64(box.count), nonce, key)
            isAuthentic = result == 0
            filled = isAuthentic ? box.count - Self.codeByteCount : 0
        }
        guard isAuthentic else { throw .notAuthentic }
        return content
    }

    public var description: String { "SecretBox" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
