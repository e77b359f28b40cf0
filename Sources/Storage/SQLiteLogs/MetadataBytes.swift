import Domain

/// How metadata lies in its column: for each entry its kind, its key and its value, texts with their length before them.
enum MetadataBytes {
    /// Of a value. On disk: never changes.
    enum Kind: UInt8 {
        case text = 0
        case number = 1
        case bool = 2
    }

    static func encode(_ metadata: CallMetadata) -> [UInt8]? {
        if metadata.isEmpty { return nil }
        var bytes: [UInt8] = []
        for entry in metadata.entries {
            bytes.append(kind(of: entry.value).rawValue)
            append(entry.key, to: &bytes)
            append(entry.value.text, to: &bytes)
        }
        return bytes
    }

    /// Nil when the bytes are not what `encode` makes.
    static func decode(_ bytes: [UInt8]) -> CallMetadata? {
        var entries: [CallMetadata.Entry] = []
        var isWhole = false
        forEach(bytes.span, isWhole: &isWhole) { kind, key, value in
            let text = String(decoding: bytes[value], as: UTF8.self)
            let decoded: CallMetadata.Value =
                switch kind {
                case .text: .text(text)
                case .number: .number(text)
                case .bool: .bool(text == "true")
                }
            entries.append(CallMetadata.Entry(key: String(decoding: bytes[key], as: UTF8.self), value: decoded))
            return true
        }
        return isWhole ? CallMetadata(entries) : nil
    }

    /// Hands each entry's kind and the places of its key and value to the body, until that says enough.
    static func forEach(
        _ bytes: Span<UInt8>, isWhole: inout Bool, _ body: (Kind, Range<Int>, Range<Int>) -> Bool
    ) {
        var at = 0
        isWhole = false
        while at < bytes.count {
            guard let kind = Kind(rawValue: bytes[at]) else { return }
            at += 1
            guard let key = text(bytes, &at), let value = text(bytes, &at) else { return }
            if !body(kind, key, value) { return }
        }
        isWhole = true
    }

    private static func kind(of value: CallMetadata.Value) -> Kind {
        switch value {
        case .text: .text
        case .number: .number
        case .bool: .bool
        }
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        var length = text.utf8.count
        // Seven bits a byte, the lowest first; the eighth says that more follow.
        while length > 0x7F {
            bytes.append(UInt8(length & 0x7F) | 0x80)
            length >>= 7
        }
        bytes.append(UInt8(length))
        bytes.append(contentsOf: text.utf8)
    }

    private static func text(_ bytes: Span<UInt8>, _ at: inout Int) -> Range<Int>? {
        var length = 0
        var shift = 0
        while true {
            guard at < bytes.count, shift < 35 else { return nil }
            let byte = bytes[at]
            at += 1
            length |= Int(byte & 0x7F) << shift
            if byte < 0x80 { break }
            shift += 7
        }
        guard length <= bytes.count - at else { return nil }
        defer { at += length }
        return at..<at + length
    }
}
