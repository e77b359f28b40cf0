import JSON

/// A JSON object of a vendor and where its parts lie, read without decoding it.
struct NativeFrame {
    typealias Place = JSONOutline.Place

    let bytes: [UInt8]
    let outline: JSONOutline

    /// Nil when the bytes are not JSON.
    init?(_ bytes: [UInt8], levels: Int, scanner: JSONScanner) {
        guard let outline = try? scanner.outline(bytes, levels: levels) else { return nil }
        self.init(bytes, outline)
    }

    init(_ bytes: [UInt8], _ outline: JSONOutline) {
        self.bytes = bytes
        self.outline = outline
    }

    var root: Place { outline.root }

    subscript(place: Place) -> JSONSlice { outline[place] }

    /// The member of that name; null counts as absent.
    func member(_ name: StaticString, of place: Place?) -> Place? {
        guard let place, let found = outline.member(name, of: place, in: bytes), !outline[found].isNull else {
            return nil
        }
        return found
    }

    /// A member of a member, and so on.
    func member(_ names: StaticString..., from place: Place? = nil) -> Place? {
        names.reduce(place ?? root) { member($1, of: $0) }
    }

    func elements(of place: Place?) -> [Place] {
        guard let place, outline[place].kind == .array else { return [] }
        return outline.children(of: place)
    }

    func string(_ place: Place?) -> String? { place.flatMap { outline[$0].string(in: bytes) } }

    func bool(_ place: Place?) -> Bool? { place.flatMap { outline[$0].bool } }

    func int(_ place: Place?) -> Int? {
        guard let place, outline[place].kind == .number else { return nil }
        return ChatNumber.int(outline[place], in: bytes)
    }

    /// Whether a string means just this.
    func isText(_ text: StaticString, at place: Place?) -> Bool {
        guard let place, outline[place].kind == .string else { return false }
        let range = outline[place].range
        if outline[place].hasEscapes { return outline[place].string(in: bytes) == "\(text)" }
        return range.count == text.utf8CodeUnitCount + 2 && bytes.holds(text, at: range.lowerBound + 1)
    }
}
