/// Reads what stands between the quotes of a JSON string that a scan has checked.
enum JSONUnescaping {
    /// The text of `bytes[range]`. A lone surrogate, which JSON allows and Unicode does not, becomes U+FFFD.
    static func string(_ bytes: [UInt8], _ range: Range<Int>, hasEscapes: Bool) -> String {
        guard hasEscapes else { return String(decoding: bytes[range], as: UTF8.self) }
        return String(decoding: unescaped(bytes[range]), as: UTF8.self)
    }

    /// The text as UTF-8. Unchecked input gives some text, never a fault.
    static func unescaped(_ raw: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(raw.count)
        var at = raw.startIndex
        while let backslash = raw[at...].firstIndex(of: UInt8(ascii: "\\")), backslash + 1 < raw.endIndex {
            text.append(contentsOf: raw[at..<backslash])
            at = backslash + 2
            switch raw[backslash + 1] {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0c)
            case UInt8(ascii: "n"): text.append(0x0a)
            case UInt8(ascii: "r"): text.append(0x0d)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"): append(scalar(raw, &at), to: &text)
            case let same: text.append(same)
            }
        }
        text.append(contentsOf: raw[at...])
        return text
    }

    /// Reads four hex digits, and a second escape when the two are a surrogate pair.
    private static func scalar(_ raw: ArraySlice<UInt8>, _ at: inout Int) -> Unicode.Scalar {
        guard let unit = codeUnit(raw, at) else { return "\u{FFFD}" }
        at += 4
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard UTF16.isLeadSurrogate(unit), at + 1 < raw.endIndex,
            raw[at] == UInt8(ascii: "\\"), raw[at + 1] == UInt8(ascii: "u"),
            let low = codeUnit(raw, at + 2), UTF16.isTrailSurrogate(low)
        else { return "\u{FFFD}" }
        at += 6
        return Unicode.Scalar(0x10000 + UInt32(unit & 0x3ff) << 10 + UInt32(low & 0x3ff)) ?? "\u{FFFD}"
    }

    private static func append(_ scalar: Unicode.Scalar, to text: inout [UInt8]) {
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { text.append(byte) }
    }

    private static func codeUnit(_ raw: ArraySlice<UInt8>, _ at: Int) -> UInt16? {
        guard at + 4 <= raw.endIndex else { return nil }
        var unit: UInt16 = 0
        for byte in raw[at..<(at + 4)] {
            guard let digit = hexDigit(byte) else { return nil }
            unit = unit << 4 | digit
        }
        return unit
    }

    private static func hexDigit(_ byte: UInt8) -> UInt16? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
