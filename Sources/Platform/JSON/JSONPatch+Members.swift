extension JSONPatch {
    /// A member to add: its key, and its value as JSON text.
    public struct NewMember: Sendable {
        public var key: String
        public var value: [UInt8]

        public init(_ key: String, _ value: [UInt8]) {
            self.key = key
            self.value = value
        }
    }

    /// Takes members away from a scanned object and adds others at its end, with commas where they belong.
    /// One call per object: two would not know of each other's commas.
    public mutating func change(
        _ object: JSONIndex, removing isRemoved: (JSONField) -> Bool = { _ in false }, adding members: [NewMember] = []
    ) {
        let fields = object.fields
        let firstKept = fields.firstIndex { !isRemoved($0) }
        for (i, field) in fields.enumerated() where i != firstKept && isRemoved(field) {
            replace(removal(of: i, in: fields, firstKept: firstKept), with: [])
        }
        guard !members.isEmpty else { return }
        var writer = JSONWriter()
        if firstKept != nil { writer.separateNext() }
        for member in members {
            writer.key(member.key)
            writer.raw(member.value)
        }
        insert(writer.bytes, at: fields.last?.range.upperBound ?? object.range.lowerBound + 1)
    }

    /// Gives the member of that name this value, in every place it has; adds it at the end when there is none.
    public mutating func set(_ name: String, to value: [UInt8], in object: JSONIndex, of bytes: [UInt8]) {
        let present = object.fields.filter { $0.isNamed(name, in: bytes) }
        for field in present { replace(field.range, with: value) }
        if present.isEmpty { change(object, adding: [NewMember(name, value)]) }
    }

    /// A member behind one that stays goes with the comma before it, a member before all that stay with the comma
    /// after it, so that ranges of neighbours touch and never overlap.
    private func removal(of i: Int, in fields: [JSONField], firstKept: Int?) -> Range<Int> {
        let field = fields[i]
        if let firstKept, firstKept < i { return fields[i - 1].range.upperBound..<field.range.upperBound }
        let next = i + 1 < fields.count ? fields[i + 1].memberRange.lowerBound : field.range.upperBound
        return field.memberRange.lowerBound..<next
    }
}
