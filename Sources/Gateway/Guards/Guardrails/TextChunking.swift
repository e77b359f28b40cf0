/// How a long text is cut for a classifier that reads only so much at a time.
public struct TextChunking: Hashable, Sendable {
    /// Bytes of one chunk, in UTF-8.
    public let chunkBytes: Int
    /// What each chunk repeats of the one before it, so that a phrase across the cut is seen whole once.
    public let overlapBytes: Int
    /// More chunks than this are not asked about.
    public let maximumChunks: Int

    public static let defaultChunkBytes = 8_000
    public static let defaultOverlapBytes = 400
    public static let defaultMaximumChunks = 64

    public init(
        chunkBytes: Int = defaultChunkBytes, overlapBytes: Int = defaultOverlapBytes,
        maximumChunks: Int = defaultMaximumChunks
    ) {
        // A chunk has room for a character besides what it repeats, so that each goes on.
        self.chunkBytes = max(chunkBytes, 16)
        self.overlapBytes = min(max(overlapBytes, 0), self.chunkBytes / 2)
        self.maximumChunks = max(maximumChunks, 1)
    }

    /// How long a text may be.
    public var maximumBytes: Int { chunkBytes + (maximumChunks - 1) * (chunkBytes - overlapBytes - 6) }

    /// The chunks of a text, cut between characters. Throws when there are too many.
    public func chunks(of text: String) throws(ClassifierError) -> [String] {
        let bytes = Array(text.utf8)
        guard bytes.count > chunkBytes else { return bytes.isEmpty ? [] : [text] }
        var chunks: [String] = []
        var start = 0
        while true {
            guard chunks.count < maximumChunks else { throw .tooLong(limit: maximumBytes) }
            let end = Self.boundary(in: bytes, atOrBefore: min(start + chunkBytes, bytes.count))
            chunks.append(String(decoding: bytes[start..<end], as: UTF8.self))
            if end == bytes.count { return chunks }
            start = Self.boundary(in: bytes, atOrBefore: end - overlapBytes)
        }
    }

    /// Where a character begins. Each has four bytes at most.
    private static func boundary(in bytes: [UInt8], atOrBefore place: Int) -> Int {
        var place = place
        while place < bytes.count, bytes[place] & 0xC0 == 0x80 { place -= 1 }
        return place
    }
}
