/// Header fields in the order they came, in one run of bytes.
///
/// A request carries a dozen fields of which two or three are read; keeping them as bytes makes one
/// allocation instead of two for each.
public struct HeaderFields: Sendable {
    private var text: [UInt8] = []
    private var entries: [Entry] = []

    private struct Entry {
        let start: UInt32
        let nameLength: UInt32
        let valueLength: UInt32
    }

    public init() {}

    public init(_ fields: [(String, String)]) {
        for (name, value) in fields { append(name, value) }
    }

    public var count: Int { entries.count }
    public var isEmpty: Bool { entries.isEmpty }
    /// Bytes of all names and values.
    public var byteCount: Int { text.count }

    public mutating func append(_ name: String, _ value: String) {
        append(name.utf8, value.utf8)
    }

    public mutating func append(_ name: some Collection<UInt8>, _ value: some Collection<UInt8>) {
        if text.isEmpty {
            text.reserveCapacity(512)
            entries.reserveCapacity(12)
        }
        let entry = Entry(
            start: UInt32(text.count), nameLength: UInt32(name.count), valueLength: UInt32(value.count))
        text.append(contentsOf: name)
        text.append(contentsOf: value)
        entries.append(entry)
    }

    /// The first field of that name, whatever its case. `name` is given in lower case.
    public func first(_ name: StaticString) -> String? {
        for entry in entries where matches(entry, name) { return value(of: entry) }
        return nil
    }

    public func all(_ name: StaticString) -> [String] {
        entries.filter { matches($0, name) }.map(value(of:))
    }

    /// The first field whose lower-case name is `name`.
    public func first(named name: String) -> String? {
        first { $0.lowercased() == name }?.value
    }

    public func first(where matches: (String) -> Bool) -> (name: String, value: String)? {
        for (name, value) in pairs where matches(name) { return (name, value) }
        return nil
    }

    public var pairs: [(name: String, value: String)] {
        entries.map { (name(of: $0), value(of: $0)) }
    }

    private func name(of entry: Entry) -> String {
        let start = Int(entry.start)
        return String(decoding: text[start..<start + Int(entry.nameLength)], as: UTF8.self)
    }

    private func value(of entry: Entry) -> String {
        let start = Int(entry.start) + Int(entry.nameLength)
        return String(decoding: text[start..<start + Int(entry.valueLength)], as: UTF8.self)
    }

    private func matches(_ entry: Entry, _ name: StaticString) -> Bool {
        guard Int(entry.nameLength) == name.utf8CodeUnitCount else { return false }
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
