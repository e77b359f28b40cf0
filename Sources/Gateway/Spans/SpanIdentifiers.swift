/// 16 bytes that all spans of one trace share; never all zero.
public struct TraceID: Hashable, Sendable {
    let bytes: [UInt8]

    static let byteCount = 16

    /// A new one. Random, not secret.
    public init() {
        var generator = SystemRandomNumberGenerator()
        self.init(using: &generator)
    }

    public init(using generator: inout some RandomNumberGenerator) {
        bytes = SpanBytes.random(Self.byteCount, &generator)
    }

    /// From 32 hex digits of either case that are not all zero, as a header field has them.
    public init?(hex: String) {
        guard let bytes = SpanBytes.fromHex(hex, Self.byteCount) else { return nil }
        self.bytes = bytes
    }

    public var hex: String { SpanBytes.hex(bytes) }
}

/// 8 bytes that name one span; never all zero.
public struct SpanID: Hashable, Sendable {
    let bytes: [UInt8]

    static let byteCount = 8

    /// A new one. Random, not secret.
    public init() {
        var generator = SystemRandomNumberGenerator()
        self.init(using: &generator)
    }

    public init(using generator: inout some RandomNumberGenerator) {
        bytes = SpanBytes.random(Self.byteCount, &generator)
    }

    /// From 16 hex digits of either case that are not all zero, as a header field has them.
    public init?(hex: String) {
        guard let bytes = SpanBytes.fromHex(hex, Self.byteCount) else { return nil }
        self.bytes = bytes
    }

    public var hex: String { SpanBytes.hex(bytes) }
}

enum SpanBytes {
    private static let digits = Array("0123456789abcdef".utf8)

    static func random(_ count: Int, _ generator: inout some RandomNumberGenerator) -> [UInt8] {
        var bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        // All zero means that there is none.
        if bytes.allSatisfy({ $0 == 0 }) { bytes[count - 1] = 1 }
        return bytes
    }

    static func hex(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    static func fromHex(_ text: String, _ count: Int) -> [UInt8]? {
        let text = Array(text.utf8)
        guard text.count == 2 * count else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: text.count, by: 2) {
            guard let high = value(text[place]), let low = value(text[place + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes.allSatisfy { $0 == 0 } ? nil : bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
