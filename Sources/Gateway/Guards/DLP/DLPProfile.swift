import Pattern

/// A named set of things to look for.
public struct DLPProfile: Sendable {
    public let id: String
    public let name: String
    public let entries: [DLPEntry]
    /// Matches where any entry's pattern does; nil when they are too large to be one.
    let gate: Pattern?

    /// How many entries a profile may have.
    public static let maximumEntries = 64
    static let gateMemoryBytes = 8 << 20
    private static let longestID = 64
    private static let longestName = 128
    private static let matchesToAskFor = 1...DLPInspector.maximumMatches

    /// Compiles the patterns of a profile.
    ///
    /// - Parameter pointer: Where the profile stands, for problems.
    public init(
        id: String, name: String, patterns: [DLPPatternText], pointer: String = ""
    ) throws(GuardProblems) {
        var reader = SettingReader()
        Self.check(id, name, "\(pointer)", &reader)
        if !(1...Self.maximumEntries).contains(patterns.count) {
            reader.note("\(pointer)/patterns", "must have 1 to \(Self.maximumEntries) entries.")
        }
        var entries: [DLPEntry] = []
        for (index, text) in patterns.prefix(Self.maximumEntries).enumerated() {
            let place = "\(pointer)/patterns/\(index)"
            if entries.contains(where: { $0.id == text.id }) { reader.note("\(place)/id", "is there twice.") }
            if let entry = Self.entry(text, place, &reader) { entries.append(entry) }
        }
        try reader.finish()
        self.id = id
        self.name = name
        self.entries = entries
        gate = Pattern.any(of: entries.map(\.pattern), maximumMemoryBytes: Self.gateMemoryBytes)
    }

    private static func entry(_ text: DLPPatternText, _ place: String, _ reader: inout SettingReader) -> DLPEntry? {
        check(text.id, text.name, place, &reader)
        if !matchesToAskFor.contains(text.minimumMatches) {
            reader.note("\(place)/minimum_matches", "must be 1 to \(matchesToAskFor.upperBound).")
        }
        do throws(PatternError) {
            let pattern = try Pattern(text.pattern)
            if pattern.matches([]) { reader.note("\(place)/pattern", "must not match an empty text.") }
            return DLPEntry(
                id: text.id, name: text.name, pattern: pattern, checksum: text.checksum,
                minimumMatches: text.minimumMatches)
        } catch {
            reader.note("\(place)/pattern", error.description)
            return nil
        }
    }

    /// Ids come back in a header field, so they are plain.
    private static func check(_ id: String, _ name: String, _ place: String, _ reader: inout SettingReader) {
        let isPlain = id.utf8.allSatisfy { $0.isDigit || $0.isLetter || "_-.".utf8.contains($0) }
        if !isPlain || !(1...longestID).contains(id.utf8.count) {
            reader.note("\(place)/id", "must have 1 to \(longestID) letters, digits, dots, dashes and underscores.")
        }
        if !(1...longestName).contains(name.unicodeScalars.count) {
            reader.note("\(place)/name", "must have 1 to \(longestName) characters.")
        }
    }
}

/// What an entry of a profile is made of.
public struct DLPPatternText: Hashable, Sendable {
    public var id: String
    public var name: String
    /// In RE2's grammar.
    public var pattern: String
    public var checksum: Checksum
    /// How many matches make a finding; more than one is for patterns that match much by chance.
    public var minimumMatches: Int

    public init(id: String, name: String, pattern: String, checksum: Checksum = .none, minimumMatches: Int = 1) {
        self.id = id
        self.name = name
        self.pattern = pattern
        self.checksum = checksum
        self.minimumMatches = minimumMatches
    }
}
