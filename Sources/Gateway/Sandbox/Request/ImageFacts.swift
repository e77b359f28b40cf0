/// What an image's own header says of it.
struct ImageFacts: Sendable, Hashable {
    enum Format: String {
        case png = "PNG"
        case jpeg = "JPEG"
        case gif = "GIF"
        case webp = "WebP"
    }

    var format: Format
    var width: Int
    var height: Int

    /// Bytes of an image that are looked at; headers with large colour profiles fit.
    static let headerLimit = 1 << 20

    /// Reads `data:…;base64,…`; nil when it is no image of a known format. The media type it claims is not believed.
    init?(dataURI: String) {
        let text = dataURI.utf8
        guard let comma = text.firstIndex(of: UInt8(ascii: ",")), text[..<comma].suffix(7).elementsEqual(";base64".utf8)
        else { return nil }
        guard let bytes = Base64.decode(text[text.index(after: comma)...], limit: Self.headerLimit) else { return nil }
        self.init(bytes)
    }

    init?(_ bytes: [UInt8]) {
        let found = Self.png(bytes) ?? Self.gif(bytes) ?? Self.webp(bytes) ?? Self.jpeg(bytes)
        guard let found else { return nil }
        self = found
    }

    private init(_ format: Format, _ width: Int, _ height: Int) {
        self.format = format
        self.width = width
        self.height = height
    }

    private static func png(_ bytes: [UInt8]) -> ImageFacts? {
        guard bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), bytes.count >= 24,
            bytes[12..<16].elementsEqual("IHDR".utf8)
        else { return nil }
        return ImageFacts(.png, bigEndian(bytes, 16, 4), bigEndian(bytes, 20, 4))
    }

    private static func gif(_ bytes: [UInt8]) -> ImageFacts? {
        guard bytes.starts(with: "GIF87a".utf8) || bytes.starts(with: "GIF89a".utf8), bytes.count >= 10 else {
            return nil
        }
        return ImageFacts(.gif, littleEndian(bytes, 6, 2), littleEndian(bytes, 8, 2))
    }

    private static func webp(_ bytes: [UInt8]) -> ImageFacts? {
        guard bytes.count >= 30, bytes.starts(with: "RIFF".utf8), bytes[8..<12].elementsEqual("WEBP".utf8) else {
            return nil
        }
        switch String(decoding: bytes[12..<16], as: UTF8.self) {
        case "VP8X": return ImageFacts(.webp, littleEndian(bytes, 24, 3) + 1, littleEndian(bytes, 27, 3) + 1)
        case "VP8 ": return ImageFacts(.webp, littleEndian(bytes, 26, 2) & 0x3fff, littleEndian(bytes, 28, 2) & 0x3fff)
        case "VP8L":
            let bits = littleEndian(bytes, 21, 4)
            return ImageFacts(.webp, (bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1)
        default: return nil
        }
    }

    /// Walks from segment to segment until one that starts a frame.
    private static func jpeg(_ bytes: [UInt8]) -> ImageFacts? {
        guard bytes.starts(with: [0xff, 0xd8, 0xff]) else { return nil }
        var at = 2
        while at + 9 <= bytes.count {
            guard bytes[at] == 0xff else { return nil }
            let marker = bytes[at + 1]
            if marker == 0xff {
                at += 1
                continue
            }
            let isFrame = (0xc0...0xcf).contains(marker) && ![0xc4, 0xc8, 0xcc].contains(marker)
            if isFrame { return ImageFacts(.jpeg, bigEndian(bytes, at + 7, 2), bigEndian(bytes, at + 5, 2)) }
            at += 2 + max(2, bigEndian(bytes, at + 2, 2))
        }
        return nil
    }

    private static func bigEndian(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int {
        bytes[at..<at + count].reduce(0) { $0 << 8 | Int($1) }
    }

    private static func littleEndian(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int {
        bytes[at..<at + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
