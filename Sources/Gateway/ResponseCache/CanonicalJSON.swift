import JSON

/// One spelling for JSON texts that mean the same.
///
/// Members of objects stand in the order of their keys' bytes, at every level; white space is gone; strings are spelled
/// with as few escapes as there can be, so `"\u0061"` is `"a"`. Numbers keep their spelling: `1.0` is not `1`, for a
/// vendor may see a difference. Keys that come twice keep their order among themselves. Letters that look alike but have
/// other bytes, such as `é` in one or in two scalars, are different. A string with half a surrogate pair, which has no
/// meaning that could be compared, keeps its spelling.
enum CanonicalJSON {
    /// Larger texts are not looked into, which would take memory several times theirs.
    static let mostBytes = 8 << 20

    /// Nil for what is no JSON, or too large. Members of those names are left out of the outermost object.
    static func text(of bytes: [UInt8], without dropped: [StaticString] = []) -> [UInt8]? {
        guard bytes.count <= mostBytes, let outline = try? JSONScanner().outline(bytes, levels: .max) else {
            return nil
        }
        var speller = Speller(bytes: bytes, outline: outline)
        speller.spell(outline.root, without: dropped)
        return speller.text
    }
}

private struct Speller {
    let bytes: [UInt8]
    let outline: JSONOutline
    var text: [UInt8] = []

    init(bytes: [UInt8], outline: JSONOutline) {
        self.bytes = bytes
        self.outline = outline
        text.reserveCapacity(bytes.count)
    }

    /// Recursion ends where the scanner's limit of depth does.
    mutating func spell(_ place: JSONOutline.Place, without dropped: [StaticString] = []) {
        let value = outline[place]
        switch value.kind {
        case .object: spellObject(place, without: dropped)
        case .array:
            text.append(UInt8(ascii: "["))
            for (position, element) in outline.children(of: place).enumerated() {
                if position > 0 { text.append(UInt8(ascii: ",")) }
                spell(element)
            }
            text.append(UInt8(ascii: "]"))
        case .string where value.hasEscapes:
            spell(value.string(in: bytes), raw: value.range)
        default: text += bytes[value.range]
        }
    }

    private mutating func spellObject(_ place: JSONOutline.Place, without dropped: [StaticString]) {
        var members: [(key: String, place: JSONOutline.Place)] = []
        for member in outline.children(of: place) {
            let field = outline.field(member)
            if dropped.contains(where: { field.isNamed($0, in: bytes) }) { continue }
            members.append((field.key(in: bytes), member))
        }
        members.sort(by: precedes)
        text.append(UInt8(ascii: "{"))
        for (position, member) in members.enumerated() {
            if position > 0 { text.append(UInt8(ascii: ",")) }
            let field = outline.field(member.place)
            let quoted = (field.keyRange.lowerBound - 1)..<(field.keyRange.upperBound + 1)
            if field.keyHasEscapes { spell(member.key, raw: quoted) } else { text += bytes[quoted] }
            text.append(UInt8(ascii: ":"))
            spell(member.place)
        }
        text.append(UInt8(ascii: "}"))
    }

    /// By bytes: Swift's order of texts is another one, and so is its notion of equal ones.
    private func precedes(
        _ left: (key: String, place: JSONOutline.Place), _ right: (key: String, place: JSONOutline.Place)
    ) -> Bool {
        if left.key.utf8.elementsEqual(right.key.utf8) {
            return outline[left.place].range.lowerBound < outline[right.place].range.lowerBound
        }
        return left.key.utf8.lexicographicallyPrecedes(right.key.utf8)
    }

    private mutating func spell(_ meaning: String?, raw: Range<Int>) {
        guard let meaning, !meaning.unicodeScalars.contains("\u{FFFD}") else {
            text += bytes[raw]
            return
        }
        var writer = JSONWriter(reserving: meaning.utf8.count + 2)
        writer.string(meaning)
        text += writer.bytes
    }
}
