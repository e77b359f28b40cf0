import Pattern

/// All profiles of an installation, compiled once at its start.
public struct DLPLibrary: Sendable {
    /// The built-in ones first, then the operator's.
    public let profiles: [DLPProfile]
    private let gate: Pattern?
    private let positions: [String: Int]

    /// How many profiles an operator may add.
    public static let maximumProfiles = 64

    /// The built-in profiles and those of the operator, whose ids must be new.
    public init(adding own: [DLPProfile] = []) throws(GuardProblems) {
        var reader = SettingReader()
        if own.count > Self.maximumProfiles { reader.note("", "must have at most \(Self.maximumProfiles) entries.") }
        let profiles = try DLPProfile.builtIn() + own
        var positions: [String: Int] = [:]
        let builtIn = profiles.count - own.count
        for (position, profile) in profiles.enumerated()
        where positions.updateValue(position, forKey: profile.id) != nil {
            reader.note("/\(position - builtIn)/id", "is the id of another profile.")
        }
        try reader.finish()
        self.profiles = profiles
        self.positions = positions
        let gates = profiles.compactMap(\.gate)
        gate =
            gates.count == profiles.count
            ? Pattern.any(of: gates, maximumMemoryBytes: DLPProfile.gateMemoryBytes) : nil
    }

    public var ids: [String] { profiles.map(\.id) }

    public subscript(id: String) -> DLPProfile? {
        positions[id].map { profiles[$0] }
    }

    /// Whether any profile's pattern matches. Most texts are done with here.
    func mayHoldSomething(_ text: [UInt8]) -> Bool {
        gate?.matches(text) ?? true
    }
}
