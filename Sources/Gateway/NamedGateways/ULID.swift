import Domain

/// Ids that sort by the millisecond they were made in: 48 bits of time, 80 of chance, in Crockford's base 32.
enum ULID {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    private static let length = 26

    static func next(at moment: Timestamp) -> String {
        var random = SystemRandomNumberGenerator()
        return text(milliseconds: UInt64(max(0, moment.microseconds / 1_000)), random.next(), random.next())
    }

    static func text(milliseconds: UInt64, _ high: UInt64, _ low: UInt64) -> String {
        // 128 bits: the time, then 16 bits of one number and all of the other.
        var number = UInt128(milliseconds & 0xFFFF_FFFF_FFFF) << 80 | UInt128(high & 0xFFFF) << 64 | UInt128(low)
        var digits = [UInt8](repeating: alphabet[0], count: length)
        for position in (0..<length).reversed() {
            digits[position] = alphabet[Int(number & 31)]
            number >>= 5
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
