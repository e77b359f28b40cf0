/// How a list of short texts lies in one column: a line each, null when the list is empty.
enum TextList {
    static func column(_ texts: [String]) -> String? {
        texts.isEmpty ? nil : texts.map(escaped).joined(separator: "\n")
    }

    static func texts(_ column: String?) -> [String] {
        guard let column else { return [] }
        return column.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            unescaped(line)
        }
    }

    private static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func unescaped(_ line: Substring.UTF8View) -> String {
        var bytes: [UInt8] = []
        var isEscape = false
        for byte in line {
            if isEscape {
                bytes.append(byte == UInt8(ascii: "n") ? UInt8(ascii: "\n") : byte)
                isEscape = false
            } else if byte == UInt8(ascii: "\\") {
                isEscape = true
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
