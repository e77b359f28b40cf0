/// Answers what everybody asks first: what 2 + 2 is.
enum Arithmetic {
    /// Only for short questions with one sum of two whole numbers in them.
    static func answer(to question: String) -> String? {
        guard question.utf8.count <= 60, let expression = TextHints.expression(in: question) else { return nil }
        let signs: [Character] = ["+", "-", "*", "×", "/", "÷"]
        guard let sign = expression.first(where: signs.contains) else { return nil }
        let parts = expression.split(separator: sign, omittingEmptySubsequences: false).map {
            $0.filter { $0 != " " }
        }
        guard parts.count == 2, let left = Int64(parts[0]), let right = Int64(parts[1]) else { return nil }
        return result(left, sign, right).map { "\(left) \(shown(sign)) \(right) = \($0)" }
    }

    private static func result(_ left: Int64, _ sign: Character, _ right: Int64) -> String? {
        let (value, overflow): (Int64, Bool)
        switch sign {
        case "+": (value, overflow) = left.addingReportingOverflow(right)
        case "-": (value, overflow) = left.subtractingReportingOverflow(right)
        case "*", "×": (value, overflow) = left.multipliedReportingOverflow(by: right)
        default:
            guard right != 0 else { return nil }
            if left % right != 0 { return "\(Double(left) / Double(right))" }
            (value, overflow) = left.dividedReportingOverflow(by: right)
        }
        return overflow ? nil : "\(value)"
    }

    private static func shown(_ sign: Character) -> String {
        switch sign {
        case "*": "×"
        case "/": "÷"
        case "-": "−"
        default: String(sign)
        }
    }
}
