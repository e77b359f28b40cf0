/// One catalogue file: its name for people, and what is in it.
public struct CatalogueSource: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
        case bytes([UInt8])
        /// Why it could not be read.
        case unreadable(String)
    }

    public let name: String
    public let content: Content

    public init(name: String, content: Content) {
        self.name = name
        self.content = content
    }

    public init(name: String, text: String) {
        self.init(name: name, content: .bytes(Array(text.utf8)))
    }
}

/// One thing wrong with a catalogue file: where, what, and what would be right.
public struct CatalogueProblem: Hashable, Sendable, CustomStringConvertible {
    public let file: String
    /// Counted from 1; nil when it is about the file as a whole.
    public let line: Int?
    public let message: String
    /// The other file, where two contradict each other.
    public let otherFile: String?

    public init(file: String, line: Int?, _ message: String, otherFile: String? = nil) {
        self.file = file
        self.line = line
        self.message = message
        self.otherFile = otherFile
    }

    public var description: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(message)" }
}

/// All that is wrong, file after file.
public struct CatalogueProblems: Error, Hashable, Sendable, CustomStringConvertible {
    public let problems: [CatalogueProblem]

    public init(_ problems: [CatalogueProblem]) {
        self.problems = problems
    }

    /// A line for each problem.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
