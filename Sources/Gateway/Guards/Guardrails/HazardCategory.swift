/// What content may be about that a gateway can refuse: Llama Guard's hazards, and prompt injection.
public enum HazardCategory: String, Hashable, Sendable, CaseIterable {
    case violentCrimes = "S1"
    case nonViolentCrimes = "S2"
    case sexRelatedCrimes = "S3"
    case childSexualExploitation = "S4"
    case defamation = "S5"
    case specialisedAdvice = "S6"
    case privacy = "S7"
    case intellectualProperty = "S8"
    case indiscriminateWeapons = "S9"
    case hate = "S10"
    case selfHarm = "S11"
    case sexualContent = "S12"
    case elections = "S13"
    case promptInjection = "P1"

    /// What people call it.
    public var title: String {
        switch self {
        case .violentCrimes: "Violent crimes"
        case .nonViolentCrimes: "Non-violent crimes"
        case .sexRelatedCrimes: "Sex-related crimes"
        case .childSexualExploitation: "Child sexual exploitation"
        case .defamation: "Defamation"
        case .specialisedAdvice: "Specialised advice"
        case .privacy: "Privacy"
        case .intellectualProperty: "Intellectual property"
        case .indiscriminateWeapons: "Indiscriminate weapons"
        case .hate: "Hate"
        case .selfHarm: "Suicide and self-harm"
        case .sexualContent: "Sexual content"
        case .elections: "Elections"
        case .promptInjection: "Prompt injection"
        }
    }
}

extension HazardCategory: Comparable {
    /// In the order they are listed in, S2 before S10.
    public static func < (left: HazardCategory, right: HazardCategory) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
