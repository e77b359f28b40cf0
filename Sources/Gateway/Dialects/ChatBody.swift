import Domain
import JSON

/// A chat request's bytes and where its parts lie, with the checks that every part needs.
///
/// Nothing is decoded and no text is made unless a check fails.
struct ChatBody {
    typealias Place = JSONOutline.Place

    let bytes: [UInt8]
    let outline: JSONOutline

    /// Levels listed: down to the URL of an image, in a part, in the content, of a message, of the messages.
    static let levels = 6
    /// A pointer in an error is cut here: keys are as long as their writer likes.
    private static let pointerLimit = 200

    subscript(place: Place) -> JSONSlice { outline[place] }

    // MARK: Failing

    /// Where a value lies, for people and programs: a member of the body by its name, what lies deeper as a pointer.
    func param(_ place: Place) -> String {
        Self.param(pointer: outline.pointer(to: place, in: bytes))
    }

    func failure(_ reason: ErrorReason, at place: Place, _ what: String) -> GatewayError {
        let param = param(place)
        return GatewayError(reason, "`\(param)` \(what)", param: param)
    }

    func missing(_ name: StaticString, in place: Place) -> GatewayError {
        let param = Self.param(pointer: "\(outline.pointer(to: place, in: bytes))/\(name)")
        return GatewayError(.missingField, "`\(param)` is missing.", param: param)
    }

    private static func param(pointer: String) -> String {
        let cut = String(pointer.unicodeScalars.prefix(pointerLimit))
        return cut.utf8.count { $0 == UInt8(ascii: "/") } == 1 ? String(cut.dropFirst()) : cut
    }

    // MARK: Kinds

    func expect(_ kind: JSONKind, at place: Place, _ what: StaticString) throws(GatewayError) {
        guard self[place].kind == kind else { throw failure(.invalidType, at: place, "must be \(what).") }
    }

    func string(at place: Place) throws(GatewayError) {
        try expect(.string, at: place, "a string")
    }

    func bool(at place: Place) throws(GatewayError) -> Bool {
        guard let value = self[place].bool else { throw failure(.invalidType, at: place, "must be true or false.") }
        return value
    }

    func number(at place: Place, _ bounds: ClosedRange<Double>) throws(GatewayError) {
        guard self[place].kind == .number else { throw failure(.invalidType, at: place, "must be a number.") }
        guard let value = ChatNumber.double(self[place], in: bytes), bounds.contains(value) else {
            throw failure(
                .invalidValue, at: place,
                "must be between \(ChatNumber.text(bounds.lowerBound)) and \(ChatNumber.text(bounds.upperBound)).")
        }
    }

    @discardableResult
    func integer(at place: Place, _ bounds: ClosedRange<Int>) throws(GatewayError) -> Int {
        guard self[place].kind == .number else { throw failure(.invalidType, at: place, "must be an integer.") }
        if let value = ChatNumber.int(self[place], in: bytes) {
            if bounds.contains(value) { return value }
        } else if ChatNumber.double(self[place], in: bytes).map({ $0 != $0.rounded() }) ?? false {
            throw failure(.invalidType, at: place, "must be an integer.")
        }
        let range =
            bounds.upperBound == .max
            ? "at least \(bounds.lowerBound)" : "between \(bounds.lowerBound) and \(bounds.upperBound)"
        throw failure(.invalidValue, at: place, "must be \(range).")
    }

    /// A string that must be one of these words.
    @discardableResult
    func word<Word>(
        at place: Place, _ words: borrowing NameTable<Word>
    ) throws(GatewayError) -> Word {
        try string(at: place)
        guard let word = words.value(of: self[place], in: bytes) else {
            throw failure(.invalidValue, at: place, "must be one of \(words.list).")
        }
        return word
    }

    /// The characters between the quotes, as they are spelled.
    func spelling(of place: Place) -> ArraySlice<UInt8> {
        let range = self[place].range
        return bytes[(range.lowerBound + 1)..<(range.upperBound - 1)]
    }

    /// A string of at most so many characters. Bytes are counted first: there are never fewer of them.
    func string(at place: Place, atMost limit: Int) throws(GatewayError) {
        try string(at: place)
        guard spelling(of: place).count > limit else { return }
        guard (self[place].string(in: bytes) ?? "").unicodeScalars.count <= limit else {
            throw failure(.invalidValue, at: place, "is longer than \(limit) characters.")
        }
    }

    /// The name of a function or schema: letters, digits, `_` and `-`, at most 64.
    func name(at place: Place) throws(GatewayError) {
        try string(at: place)
        let name = spelling(of: place)
        guard (1...64).contains(name.count), name.allSatisfy(Self.isNameByte) else {
            throw failure(
                .invalidValue, at: place, "must be 1 to 64 characters of `a` to `z`, `A` to `Z`, `0` to `9`, `_`, `-`.")
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    // MARK: Walking

    /// What lies directly in a place, in order, until `body` throws.
    func forEach(in place: Place, _ body: (Place) throws(GatewayError) -> Void) throws(GatewayError) {
        var next = outline.firstChild(of: place)
        while let child = next {
            try body(child)
            next = outline.sibling(after: child, in: place)
        }
    }

    /// The members of an object that `names` knows, in order. Each may be there once, or the gateway could read one
    /// and the vendor the other. Members that are null are passed over: null says that nothing was sent.
    func forEachMember<Name>(
        of place: Place, named names: borrowing NameTable<Name>,
        _ body: (Name, Place) throws(GatewayError) -> Void
    ) throws(GatewayError) {
        try expect(.object, at: place, "an object")
        var seen: UInt64 = 0
        var next = outline.firstChild(of: place)
        while let child = next {
            if let position = names.position(of: outline.field(child), in: bytes) {
                guard seen & (1 << UInt64(position)) == 0 else { throw twice(child) }
                seen |= 1 << UInt64(position)
                if !self[child].isNull { try body(names[position], child) }
            }
            next = outline.sibling(after: child, in: place)
        }
    }

    func twice(_ place: Place) -> GatewayError {
        let param = param(place)
        return GatewayError(.duplicateField, "The body has more than one `\(param)`. Send it once.", param: param)
    }
}
