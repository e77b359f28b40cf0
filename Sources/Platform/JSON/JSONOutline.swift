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

    private func firstChild(of place: Place) -> Place? {
        inside(place, at: place.position + 1)
    }

    private func sibling(after place: Place, in parent: Place) -> Place? {
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
