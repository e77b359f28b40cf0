extension SettingsLoader {
    /// A value as it stands in the file, or what the variable that it names holds. Nil, with a problem, when that is
    /// nothing: taken as it is written, a secret would be one that everybody can read in the manual.
    mutating func resolve(_ written: String, named name: String, from source: SettingsProblem.Source) -> String? {
        switch Substitution(written) {
        case .none:
            return written
        case .variable(let variable):
            if let value = environment[variable], !value.isEmpty { return value }
            let state = environment[variable] == nil ? "not set" : "empty"
            let message = "the environment variable \(printable(variable)) is \(state)"
            report(SettingsProblem(.missingVariable, source, setting: name, message))
        case .malformed:
            report(
                SettingsProblem(
                    .badValue, source, setting: name, "the reference to an environment variable is not accepted",
                    allowed: "${NAME} as the whole value, NAME being letters, digits and _"))
        }
        return nil
    }
}

/// A value that stands for an environment variable.
enum Substitution {
    case none
    case variable(String)
    case malformed

    init(_ text: String) {
        guard text.contains("${") else {
            self = .none
            return
        }
        let name = text.dropFirst(2).dropLast()
        let isWhole = text.hasPrefix("${") && text.hasSuffix("}")
        self = isWhole && Self.isName(name) ? .variable(String(name)) : .malformed
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.first, !first.isNumber else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
}
