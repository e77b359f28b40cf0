import Pattern

/// One thing a profile looks for.
public struct DLPEntry: Sendable {
    public let id: String
    public let name: String
    public let checksum: Checksum
    /// How many matches make a finding.
    public let minimumMatches: Int
    let pattern: Pattern

    /// Matches that fail their checksum after which those that overlap with the next one are not looked for any more.
    static let maximumCandidates = 1_000_000

    init(id: String, name: String, pattern: Pattern, checksum: Checksum, minimumMatches: Int) {
        self.id = id
        self.name = name
        self.pattern = pattern
        self.checksum = checksum
        self.minimumMatches = minimumMatches
    }

    /// How many matches satisfy the checksum, counted up to `limit`.
    func count(in text: [UInt8], limit: Int) -> Int {
        var count = 0
        var rejected = 0
        var start = 0
        while count < limit, let range = pattern.firstRange(in: text, from: start) {
            if !range.isEmpty, checksum.accepts(text[range]) {
                count += 1
                start = range.upperBound
            } else {
                rejected += 1
                // A right one may begin within a wrong one, such as behind the first four digits.
                let goesOn = rejected < Self.maximumCandidates || range.isEmpty
                start = goesOn ? range.lowerBound + 1 : range.upperBound
            }
        }
        return count
    }
}
