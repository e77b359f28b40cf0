/// Writing text so that it can neither end its quotes, nor its line, nor steer a terminal.
enum LogText {
    /// What one value may take in a line before it is cut.
    static let maxValueBytes = 4_096

    /// Adds the text between double quotes, escaped as JSON demands.
    static func appendQuoted(_ text: String, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        let end = line.count + maxValueBytes
        for scalar in text.unicodeScalars {
            if line.count >= end {
                line.append(contentsOf: "…".utf8)
                break
            }
            append(scalar, to: &line)
        }
        line.append(UInt8(ascii: "\""))
    }

    /// True for text that reads as one word between the spaces and equals signs of a human line.
    static func isPlainWord(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= maxValueBytes
            && text.utf8.allSatisfy { (0x21...0x7e).contains($0) && !Self.notInWords.contains($0) }
    }

    private static let notInWords = Array("\"\\=".utf8)

    private static func append(_ scalar: Unicode.Scalar, to line: inout [UInt8]) {
        switch scalar {
        case "\"": line.append(contentsOf: "\\\"".utf8)
        case "\\": line.append(contentsOf: "\\\\".utf8)
        case "\n": line.append(contentsOf: "\\n".utf8)
        case "\r": line.append(contentsOf: "\\r".utf8)
        case "\t": line.append(contentsOf: "\\t".utf8)
        default:
            if isUnsafe(scalar) {
                let digits = String(scalar.value, radix: 16)
                line.append(contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.utf8.count))\(digits)".utf8)
            } else {
                line.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
            }
        }
    }

    /// Control characters, other line ends, and marks that turn the reading direction round.
    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x2069, 0xfeff: true
        default: false
        }
    }
}
