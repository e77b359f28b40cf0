/// What a gateway looks for in bodies, and what it does then: the field `dlp` of the gateway object.
public struct DLPPolicySet: Hashable, Sendable {
    public var isEnabled: Bool
    public var rules: Rules

    /// The two forms the field may have; each is given back as it came.
    public enum Rules: Hashable, Sendable {
        /// One action for some profiles, in both directions.
        case single(action: GuardAction, profiles: [String])
        case policies([DLPPolicy])
    }

    public init(isEnabled: Bool, rules: Rules) {
        self.isEnabled = isEnabled
        self.rules = rules
    }

    /// Whether bodies of that side are looked at. Where responses are, streams have to be held back.
    public func checks(_ side: GuardSide) -> Bool {
        !policies(for: side).isEmpty
    }

    /// The policies that are in force for a side. The single form is one policy without an id.
    func policies(for side: GuardSide) -> [DLPPolicy] {
        guard isEnabled else { return [] }
        return switch rules {
        case .single(let action, let profiles):
            [DLPPolicy(id: "", action: action, sides: Set(GuardSide.allCases), isEnabled: true, profiles: profiles)]
        case .policies(let policies):
            policies.filter { $0.isEnabled && $0.sides.contains(side) }
        }
    }
}

/// One rule of a policy set.
public struct DLPPolicy: Hashable, Sendable {
    public var id: String
    public var action: GuardAction
    public var sides: Set<GuardSide>
    public var isEnabled: Bool
    /// Ids of profiles.
    public var profiles: [String]

    public init(id: String, action: GuardAction, sides: Set<GuardSide>, isEnabled: Bool, profiles: [String]) {
        self.id = id
        self.action = action
        self.sides = sides
        self.isEnabled = isEnabled
        self.profiles = profiles
    }
}
