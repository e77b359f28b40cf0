import JSON

/// What was found in a body. Never holds what matched.
public struct DLPFindings: Hashable, Sendable {
    public let side: GuardSide
    public let findings: [DLPFinding]
    /// The most any policy asks for; nil when nothing was found.
    public let action: GuardAction?
    /// Whether the body was longer than what is looked at.
    public let isPartial: Bool

    public init(side: GuardSide, findings: [DLPFinding], action: GuardAction?, isPartial: Bool) {
        self.side = side
        self.findings = findings
        self.action = action
        self.isPartial = isPartial
    }

    /// How many findings the header field names, and how many entries of each.
    public static let maximumHeaderFindings = 16
    public static let maximumHeaderEntries = 16

    /// The value of `cf-aig-dlp` for both halves of an exchange; nil when nothing was found. One line of ASCII.
    public static func header(_ both: [DLPFindings]) -> String? {
        guard let action = both.compactMap(\.action).max() else { return nil }
        var json: [JSONValue] = []
        for half in both {
            for finding in half.findings { json.append(finding.headerJSON(half.side)) }
        }
        let header: JSONValue = [
            "findings": .array(Array(json.prefix(maximumHeaderFindings))), "action": .string(action.rawValue),
        ]
        return String(decoding: header.serialized(), as: UTF8.self)
    }

    /// The findings of this half as the header field has them.
    public var header: String? { Self.header([self]) }
}

/// One profile that matched.
public struct DLPFinding: Hashable, Sendable {
    public let profileID: String
    public let entryIDs: [String]
    /// The policies that ask for the profile; none in the single form, whose rule has no id.
    public let policyIDs: [String]
    /// Matches of all entries together, each counted up to ``DLPInspector/maximumMatches``.
    public let matches: Int

    public init(profileID: String, entryIDs: [String], policyIDs: [String], matches: Int) {
        self.profileID = profileID
        self.entryIDs = entryIDs
        self.policyIDs = policyIDs
        self.matches = matches
    }

    func headerJSON(_ side: GuardSide) -> JSONValue {
        let entries = Array(entryIDs.prefix(DLPFindings.maximumHeaderEntries))
        let profile: JSONValue = [
            "context": [:], "entry_ids": .strings(entries), "profile_id": .string(profileID),
        ]
        return ["profile": profile, "policy_ids": .strings(policyIDs), "check": .string(side.rawValue)]
    }
}
