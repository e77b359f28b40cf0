/// The members of an object in their order, repeated keys included. Keys are compared byte by byte: unlike Swift
/// strings, JSON does not hold two spellings of an accented letter to be the same.
///
/// Two objects are equal when they have equal members in the same order.
public struct JSONObject: Hashable, Sendable {
    /// One key and its value.
    public struct Member: Hashable, Sendable {
        public var key: String
        public var value: JSONValue

        public init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// All members in order.
    public var members: [Member]

    public init() {
        members = []
    }

    public init(members: [Member]) {
        self.members = members
    }

    /// Reading gives the last member of that key, as most parsers do. Writing replaces the first in place and removes
    /// the others, or appends when there is none; nil removes them all.
    public subscript(_ key: String) -> JSONValue? {
        get {
            members.last { $0.has(key) }?.value
        }
        set {
            guard let newValue else {
                members.removeAll { $0.has(key) }
                return
            }
            guard let first = members.firstIndex(where: { $0.has(key) }) else {
                members.append(Member(key: key, value: newValue))
                return
            }
            members[first].value = newValue
            if members[(first + 1)...].contains(where: { $0.has(key) }) {
                members = members[...first] + members[(first + 1)...].filter { !$0.has(key) }
            }
        }
    }

    /// Adds a member at the end, even when its key is already there.
    public mutating func append(_ key: String, _ value: JSONValue) {
        members.append(Member(key: key, value: value))
    }

    public var keys: [String] { members.map(\.key) }

    /// Whether some key is there more than once.
    public var hasRepeatedKeys: Bool {
        var seen = Set<[UInt8]>(minimumCapacity: members.count)
        return members.contains { !seen.insert(Array($0.key.utf8)).inserted }
    }
}

extension JSONObject.Member {
    fileprivate func has(_ name: String) -> Bool {
        key.utf8.elementsEqual(name.utf8)
    }
}

extension JSONObject: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { members.count }

    public subscript(position: Int) -> (key: String, value: JSONValue) {
        (members[position].key, members[position].value)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Keeps the order and repeated keys of the literal.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        members = elements.map { Member(key: $0.0, value: $0.1) }
    }
}
