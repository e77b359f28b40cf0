/// Header fields in the order they came, in one run of bytes.
///
/// A request carries a dozen fields of which two or three are read; keeping them as bytes makes one
/// allocation instead of two for each. Names and values are each followed by a zero, as C wants them.
public struct HeaderFields: Sendable {
    private var text: [UInt8] = []
    private var entries: [Entry] = []

    private struct Entry {
        let start: UInt32
        let nameLength: UInt32
        let valueLength: UInt32

        var name: Range<Int> { Int(start)..<Int(start + nameLength) }
        var value: Range<Int> { name.upperBound + 1..<name.upperBound + 1 + Int(valueLength) }
    }

    public init() {}

    public init(_ fields: [(String, String)]) {
        for (name, value) in fields { append(name, value) }
    }

    public var count: Int { entries.count }
    public var isEmpty: Bool { entries.isEmpty }
    /// Bytes of all names and values.
    public var byteCount: Int { text.count - 2 * entries.count }

    public mutating func append(_ name: String, _ value: String) {
        unsafe append(name.utf8.span.bytes, value.utf8.span.bytes)
    }

    public mutating func append(_ name: RawSpan, _ value: RawSpan) {
        if text.isEmpty {
            text.reserveCapacity(512)
            entries.reserveCapacity(12)
        }
        entries.append(
            Entry(
                start: UInt32(text.count), nameLength: UInt32(name.byteCount), valueLength: UInt32(value.byteCount)))
        unsafe name.withUnsafeBytes { unsafe text.append(contentsOf: $0) }
        text.append(0)
        unsafe value.withUnsafeBytes { unsafe text.append(contentsOf: $0) }
        text.append(0)
    }

    /// The first field of that name, whatever its case. `name` is given in lower case.
    public func first(_ name: StaticString) -> String? {
        for entry in entries where matches(entry, name) { return string(entry.value) }
        return nil
    }

    public func count(of name: StaticString) -> Int {
        var count = 0
        for entry in entries where matches(entry, name) { count += 1 }
        return count
    }

    public func all(_ name: StaticString) -> [String] {
        entries.filter { matches($0, name) }.map { string($0.value) }
    }

    /// Fields whose names begin like this, whatever their case. `prefix` is given in lower case.
    public func fields(prefixed prefix: StaticString) -> [(String, String)] {
        var found: [(String, String)] = []
        for entry in entries where matches(entry, prefix, wholly: false) {
            found.append((string(entry.name), string(entry.value)))
        }
        return found
    }

    public var pairs: [(name: String, value: String)] {
        entries.map { (string($0.name), string($0.value)) }
    }

    /// Lends each field's name and value, zero-terminated, for the length of a call.
    public func withEachField(_ body: (_ name: UnsafePointer<CChar>, _ value: UnsafePointer<CChar>) -> Void) {
        unsafe text.withUnsafeBytes { bytes in
            guard let base = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return }
            for entry in entries { unsafe body(base + entry.name.lowerBound, base + entry.value.lowerBound) }
        }
    }

    private func string(_ range: Range<Int>) -> String {
        String(decoding: text[range], as: UTF8.self)
    }

    private func matches(_ entry: Entry, _ name: StaticString, wholly: Bool = true) -> Bool {
        let wanted = name.utf8CodeUnitCount
        guard wholly ? Int(entry.nameLength) == wanted : Int(entry.nameLength) >= wanted else { return false }
        return name.withUTF8Buffer { wanted in
            for offset in wanted.indices {
                let seen = text[Int(entry.start) + offset]
                let lower = seen >= 0x41 && seen <= 0x5A ? seen | 0x20 : seen
                if unsafe lower != wanted[offset] { return false }
            }
            return true
        }
    }
}

extension HeaderFields: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements)
    }
}
