/// Where the parts of a scanned JSON text lie, down to some depth, from one pass over it.
///
/// For texts of which a few values are wanted that lie at known places, such as the counts of an answer.
public struct JSONOutline: Equatable, Sendable {
    /// All listed values, each followed by what lies in it.
    private let nodes: [JSONField]

    init(nodes: [JSONField]) {
        self.nodes = nodes
    }

    /// A value of the outline.
    public struct Place: Hashable, Sendable {
        fileprivate let position: Int
    }

    public var root: Place { Place(position: 0) }

    public subscript(place: Place) -> JSONSlice { nodes[place.position].value }

    /// The member of that name of an object, however its key is spelled; the first, where there are several.
    public func member(_ name: StaticString, of place: Place, in bytes: [UInt8]) -> Place? {
        guard self[place].kind == .object else { return nil }
        var child = firstChild(of: place)
        while let current = child {
            if nodes[current.position].isNamed(name, in: bytes) { return current }
            child = sibling(after: current, in: place)
        }
        return nil
    }

    /// A value together with its key, when it is the member of an object.
    public func field(_ place: Place) -> JSONField { nodes[place.position] }

    /// What lies directly in an array or object, in order. Empty below the depth that was listed.
    public func children(of place: Place) -> [Place] {
        var found: [Place] = []
        var child = firstChild(of: place)
        while let current = child {
            found.append(current)
            child = sibling(after: current, in: place)
        }
        return found
    }

    /// The first thing in an array or object; nil when it is empty, or when nothing in it was listed.
    public func firstChild(of place: Place) -> Place? {
        inside(place, at: place.position + 1)
    }

    /// What comes behind a child of `parent`, in order.
    public func sibling(after place: Place, in parent: Place) -> Place? {
        let end = self[place].range.upperBound
        var position = place.position + 1
        while position < nodes.count, nodes[position].range.lowerBound < end { position += 1 }
        return inside(parent, at: position)
    }

    private func inside(_ parent: Place, at position: Int) -> Place? {
        guard position < nodes.count, nodes[position].range.lowerBound < self[parent].range.upperBound else {
            return nil
        }
        return Place(position: position)
    }
}

extension JSONOutline {
    /// An object or array of the outline by itself, as edits want it. Must lie above the depth that was listed.
    public func index(of place: Place) -> JSONIndex {
        let root = self[place]
        let children = children(of: place)
        return JSONIndex(
            root: root, fields: root.kind == .object ? children.map(field) : [],
            elements: root.kind == .array ? children.map { self[$0] } : [])
    }

    /// Where a value lies, as a JSON pointer (RFC 6901). The root's is empty.
    public func pointer(to place: Place, in bytes: [UInt8]) -> String {
        var pointer = ""
        var parent = root
        while parent != place, let (position, child) = child(of: parent, around: place) {
            if self[parent].kind == .object {
                pointer += "/" + Self.escaped(field(child).key(in: bytes))
            } else {
                pointer += "/\(position)"
            }
            parent = child
        }
        return pointer
    }

    private static func escaped(_ key: String) -> String {
        var escaped = ""
        for scalar in key.unicodeScalars {
            switch scalar {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private func child(of parent: Place, around place: Place) -> (position: Int, child: Place)? {
        let wanted = self[place].range
        return children(of: parent).enumerated()
            .first { self[$0.element].range.upperBound >= wanted.upperBound }
            .map { (position: $0.offset, child: $0.element) }
    }
}
