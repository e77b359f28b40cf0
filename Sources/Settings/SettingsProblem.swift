/// One thing wrong with what an operator set: where, what, and what would be right. Never holds a secret.
public struct SettingsProblem: Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case unreadableFile, wrongShape, unknownName, badValue, missingValue, missingVariable, conflict, tooMany
    }

    /// Where the value was set.
    public enum Source: Sendable, Hashable, CustomStringConvertible {
        case file(path: String, line: Int, column: Int)
        case environment(String)
        case flag(String)

        public var description: String {
            switch self {
            case .file(let path, let line, let column): "\(printable(path)):\(line):\(column)"
            case .environment(let name): "environment variable \(printable(name))"
            case .flag(let name): "flag \(printable(name))"
            }
        }
    }

    public let code: Code
    public let source: Source
    /// The full name of the setting, when it is known.
    public let setting: String?
    public let message: String
    public let allowed: String?

    init(_ code: Code, _ source: Source, setting: String? = nil, _ message: String, allowed: String? = nil) {
        self.code = code
        self.source = source
        self.setting = setting
        self.message = message
        self.allowed = allowed
    }

    public var description: String {
        "\(source): \(setting.map { $0 + ": " } ?? "")\(message)\(allowed.map { "; allowed: " + $0 } ?? "")"
    }
}

/// All that is wrong, in the order file, environment, flags.
public struct SettingsProblems: Error, Sendable, Equatable, CustomStringConvertible {
    public let problems: [SettingsProblem]

    /// A line for each problem.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Text from outside made fit for an error message: one line, no control characters, not endless.
func printable(_ text: String) -> String {
    let longest = 80
    let hidden: [Unicode.GeneralCategory] = [.control, .format, .lineSeparator, .paragraphSeparator]
    let scalars = text.unicodeScalars.prefix(longest).map {
        hidden.contains($0.properties.generalCategory) ? "?" : String($0)
    }
    return scalars.joined() + (text.unicodeScalars.count > longest ? "…" : "")
}
