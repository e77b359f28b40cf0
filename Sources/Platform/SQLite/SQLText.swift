/// SQL put together from the program's own literals. There is no way to paste a value into it: values are bound.
public struct SQLText: Hashable, Sendable {
    private(set) var text: String

    public init(_ literal: StaticString) {
        text = literal.description
    }

    public static func + (left: SQLText, right: SQLText) -> SQLText {
        var joined = left
        joined += right
        return joined
    }

    public static func += (left: inout SQLText, right: SQLText) {
        left.text += right.text
    }
}

extension SQLText: ExpressibleByStringLiteral {
    public init(stringLiteral literal: StaticString) {
        self.init(literal)
    }
}

extension Database {
    /// Prepares a statement for one use. For SQL with so many forms that keeping them prepared would not pay.
    public func prepare(_ sql: SQLText) throws(SQLiteError) -> Statement {
        try uncached(sql.text)
    }
}
