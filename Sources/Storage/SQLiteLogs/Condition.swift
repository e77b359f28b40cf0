import SQLite

/// A condition on entries as SQL, with the values it binds; or one that is known to hold for all or none of them.
enum Condition {
    case always
    case never
    case sql(SQLText, [Value])

    /// Missing values make a condition neither true nor false; then this one holds.
    var negated: Condition {
        switch self {
        case .always: .never
        case .never: .always
        case .sql(let sql, let values): .sql("((" + sql + ") IS NOT 1)", values)
        }
    }

    static func any(of conditions: [Condition]) -> Condition {
        joined(conditions, with: " OR ", empty: .never) { condition in
            switch condition {
            case .always: .decides
            case .never: .adds(nothing: true)
            case .sql: .adds(nothing: false)
            }
        }
    }

    static func all(of conditions: [Condition]) -> Condition {
        joined(conditions, with: " AND ", empty: .always) { condition in
            switch condition {
            case .never: .decides
            case .always: .adds(nothing: true)
            case .sql: .adds(nothing: false)
            }
        }
    }

    /// `expression` compared with the best of the values; with equality, with each.
    static func compare(_ expression: SQLText, _ operation: ComparisonOperation, _ values: [Int64]) -> Condition {
        guard let least = values.min(), let greatest = values.max() else { return .never }
        return switch operation {
        case .equal: isOne(of: values.map { .integer($0) }, expression)
        case .less: .sql(expression + " < ?", [.integer(greatest)])
        case .atMost: .sql(expression + " <= ?", [.integer(greatest)])
        case .greater: .sql(expression + " > ?", [.integer(least)])
        case .atLeast: .sql(expression + " >= ?", [.integer(least)])
        }
    }

    static func isOne(of values: [Value], _ expression: SQLText) -> Condition {
        guard !values.isEmpty else { return .never }
        var sql = expression + " IN (?"
        for _ in values.dropFirst() { sql += ", ?" }
        return .sql(sql + ")", values)
    }

    private enum Part {
        case decides
        case adds(nothing: Bool)
    }

    private static func joined(
        _ conditions: [Condition], with word: SQLText, empty: Condition, _ part: (Condition) -> Part
    ) -> Condition {
        var joined: SQLText?
        var bound: [Value] = []
        for condition in conditions {
            switch part(condition) {
            case .decides: return condition
            case .adds(nothing: true): continue
            case .adds(nothing: false): break
            }
            guard case .sql(let sql, let values) = condition else { continue }
            joined = joined.map { $0 + word + "(" + sql + ")" } ?? "(" + sql + ")"
            bound += values
        }
        return joined.map { .sql($0, bound) } ?? empty
    }
}

/// How numbers are compared.
enum ComparisonOperation {
    case equal, less, atMost, greater, atLeast
}
