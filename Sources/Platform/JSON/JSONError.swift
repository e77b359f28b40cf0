/// Why a text is not JSON, or not within the limits. Holds nothing of the text itself.
public enum JSONError: Error, Equatable, Sendable {
    /// No value at all: no bytes, or white space only.
    case empty
    case notUTF8
    /// More arrays and objects lie in each other than the limit allows.
    case tooDeep(limit: Int)
    /// The grammar is broken; the offset counts bytes from the start of the array given.
    case invalid(offset: Int?)
    /// A whole value is followed by something else.
    case trailingContent(offset: Int?)
    case tooLarge(limit: Int)
    case outOfMemory
}

extension JSONError: CustomStringConvertible {
    /// A sentence that may be shown to API users.
    public var description: String {
        switch self {
        case .empty: "The body is not valid JSON: it is empty."
        case .notUTF8: "The body is not valid JSON: it is not UTF-8."
        case .tooDeep(let limit): "The body is nested too deeply: at most \(limit) levels are allowed."
        case .invalid(let offset): "The body is not valid JSON: unexpected content\(Self.place(offset))."
        case .trailingContent(let offset):
            "The body is not valid JSON: there is more after the value\(Self.place(offset))."
        case .tooLarge(let limit): "The body is too large: at most \(limit) bytes are allowed."
        case .outOfMemory: "The body could not be read for lack of memory."
        }
    }

    private static func place(_ offset: Int?) -> String {
        offset.map { " at byte \($0)" } ?? ""
    }
}
