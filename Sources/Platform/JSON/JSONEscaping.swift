/// Quotes strings for JSON.
enum JSONEscaping {
    /// Appends the string with quotes around it.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        // No copy for native strings; any other is made one first.
        text.withUTF8 { unsafe append($0, to: &bytes) }
    }

    static func append(_ text: StaticString, to bytes: inout [UInt8]) {
        text.withUTF8Buffer { unsafe append($0, to: &bytes) }
    }

    private static func append(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        while start < text.count {
            let end = unsafe plainEnd(text, from: start)
            unsafe bytes.append(contentsOf: text[start..<end])
            guard end < text.count else { break }
            unsafe appendEscape(of: text[end], to: &bytes)
            start = end + 1
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Where the first byte at or after `start` lies that must be escaped. Looks at eight bytes at a time: the high
    /// bit of a lane is set when that lane is below 0x20, a quote or a backslash. A borrow can only flag lanes above a
    /// true hit, so the lowest flag is always right.
    private static func plainEnd(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(text)
        var at = start
        while at + 8 <= raw.count {
            let word = unsafe UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let quotes = word ^ 0x2222_2222_2222_2222
            let backslashes = word ^ 0x5c5c_5c5c_5c5c_5c5c
            let hits =
                ((word &- 0x2020_2020_2020_2020) & ~word)
                | ((quotes &- 0x0101_0101_0101_0101) & ~quotes)
                | ((backslashes &- 0x0101_0101_0101_0101) & ~backslashes)
            let flags = hits & 0x8080_8080_8080_8080
            if flags != 0 { return at + flags.trailingZeroBitCount / 8 }
            at += 8
        }
        while unsafe at < raw.count && isPlain(raw[at]) { at += 1 }
        return at
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private static func appendEscape(of byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0a: bytes.append(UInt8(ascii: "n"))
        case 0x0c: bytes.append(UInt8(ascii: "f"))
        case 0x0d: bytes.append(UInt8(ascii: "r"))
        default:
            let digits: StaticString = "0123456789abcdef"
            bytes.append(contentsOf: [UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0")])
            digits.withUTF8Buffer { hex in
                unsafe bytes.append(hex[Int(byte >> 4)])
                unsafe bytes.append(hex[Int(byte & 15)])
            }
        }
    }
}
