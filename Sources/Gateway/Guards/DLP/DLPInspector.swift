import Pattern

/// Looks for what a gateway's policies name. A value; made when a gateway is read, used for all its calls.
///
/// Takes about 2 ns a byte for a text that holds nothing, some 15 where there is something to look at more closely, and
/// 50 for a stream. Whoever runs on a loop uses ``checkApart(_:side:)``.
public struct DLPInspector: Sendable {
    public let policies: DLPPolicySet
    private let library: DLPLibrary
    private let maximumBytes: Int

    /// How much of a body is looked at unless the owner says otherwise.
    public static let defaultMaximumBytes = 32 << 20
    /// Bodies up to this size are looked at where the caller is; that takes less than a millisecond.
    static let promptBytes = 16 << 10
    /// Up to how many matches of an entry are counted.
    public static let maximumMatches = 100

    public init(
        _ policies: DLPPolicySet, library: DLPLibrary, maximumBytes: Int = DLPInspector.defaultMaximumBytes
    ) {
        self.policies = policies
        self.maximumBytes = maximumBytes
        self.library = library
    }

    /// Profiles the policies name that there are no more; they find nothing.
    public var missingProfiles: [String] {
        let named =
            switch policies.rules {
            case .single(_, let profiles): profiles
            case .policies(let policies): policies.flatMap(\.profiles)
            }
        return named.filter { library[$0] == nil }
    }

    /// Looks at a body, as it is and as JSON means it.
    public func check(_ body: [UInt8], side: GuardSide) -> DLPFindings {
        let policies = policies.policies(for: side)
        let isPartial = body.count > maximumBytes
        guard !policies.isEmpty, !body.isEmpty else {
            return DLPFindings(side: side, findings: [], action: nil, isPartial: false)
        }
        let views = DLPViews.of(isPartial ? Array(body.prefix(maximumBytes)) : body)
            .filter(library.mayHoldSomething)
        var findings: [DLPFinding] = []
        var action: GuardAction?
        for profile in profiles(of: policies) {
            guard let (entries, matches) = Self.found(profile, in: views) else { continue }
            let asking = policies.filter { $0.profiles.contains(profile.id) }
            let ids = asking.map(\.id).filter { !$0.isEmpty }
            findings.append(
                DLPFinding(profileID: profile.id, entryIDs: entries, policyIDs: ids, matches: matches))
            action = asking.map(\.action).reduce(action) { max($0 ?? $1, $1) }
        }
        return DLPFindings(side: side, findings: findings, action: action, isPartial: isPartial)
    }

    /// The same, but for long bodies on another thread than the caller's, which may be a loop that must not wait.
    public func checkApart(_ body: [UInt8], side: GuardSide) async -> DLPFindings {
        guard body.count > Self.promptBytes, policies.checks(side) else { return check(body, side: side) }
        return await Task(executorPreference: globalConcurrentExecutor) { check(body, side: side) }.value
    }

    /// In the order the policies name them, each once.
    private func profiles(of policies: [DLPPolicy]) -> [DLPProfile] {
        var seen: Set<String> = []
        return policies.flatMap(\.profiles).filter { seen.insert($0).inserted }.compactMap { library[$0] }
    }

    private static func found(_ profile: DLPProfile, in views: [[UInt8]]) -> (entries: [String], matches: Int)? {
        let views = views.filter { profile.gate?.matches($0) ?? true }
        guard !views.isEmpty else { return nil }
        var entries: [String] = []
        var matches = 0
        for entry in profile.entries {
            // The same match is usually in several views, so they are not added up.
            let count = views.map { entry.count(in: $0, limit: maximumMatches) }.max() ?? 0
            guard count >= entry.minimumMatches else { continue }
            entries.append(entry.id)
            matches += count
        }
        return entries.isEmpty ? nil : (entries, matches)
    }
}
