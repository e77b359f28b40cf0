/// A text that must not be seen: it comes out only through ``reveal()``, never by printing or reflection.
public struct Secret: Sendable, Equatable {
    /// What stands in its place.
    public static let placeholder = "[redacted]"

    private let value: String

    public init(_ value: String) {
        self.value = value
    }

    /// The text itself, for the one place that must send it.
    public func reveal() -> String { value }

    public var isEmpty: Bool { value.isEmpty }

    /// Takes as long whether the first character differs or the last. Lengths are not hidden.
    public static func == (left: Secret, right: Secret) -> Bool {
        let (left, right) = (Array(left.value.utf8), Array(right.value.utf8))
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { Self.placeholder }
    public var debugDescription: String { Self.placeholder }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
