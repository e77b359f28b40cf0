internal import CSodium

/// Randomness fit for keys.
public enum SecureRandom {
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// Bytes nobody can guess.
    public static func bytes(_ count: Int) -> [UInt8] {
        Sodium.start()
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe randombytes_buf(&bytes, count)
        return bytes
    }

    /// Digits and letters, each of the 62 equally likely: about 5.95 bits a character.
    public static func base62(length: Int) -> String {
        Sodium.start()
        var text: [UInt8] = []
        text.reserveCapacity(length)
        for _ in 0..<length { text.append(alphabet[Int(randombytes_uniform(UInt32(alphabet.count)))]) }
        return String(decoding: text, as: UTF8.self)
    }
}
