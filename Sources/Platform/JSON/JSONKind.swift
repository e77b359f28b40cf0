/// The seven kinds of JSON value, with the two truth values told apart.
public enum JSONKind: UInt8, Equatable, Sendable, CaseIterable {
    case null
    case `true`
    case `false`
    case number
    case string
    case array
    case object

    /// Either truth value.
    public var isBool: Bool { self == .true || self == .false }
}
