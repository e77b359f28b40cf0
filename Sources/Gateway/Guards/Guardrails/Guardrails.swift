/// What a gateway does about content of each category, by side: the field `guardrails` of the gateway object. A
/// category that is not named is ignored.
public struct Guardrails: Hashable, Sendable {
    public var prompt: [HazardCategory: GuardAction]
    public var response: [HazardCategory: GuardAction]

    public init(prompt: [HazardCategory: GuardAction] = [:], response: [HazardCategory: GuardAction] = [:]) {
        self.prompt = prompt
        self.response = response
    }

    public subscript(side: GuardSide) -> [HazardCategory: GuardAction] {
        switch side {
        case .request: prompt
        case .response: response
        }
    }

    /// Whether content of that side has to be classified at all.
    public func checks(_ side: GuardSide) -> Bool { !self[side].isEmpty }

    /// Whether anything of that side may be refused. Where responses may be, streams have to be held back.
    public func canBlock(_ side: GuardSide) -> Bool { self[side].values.contains(.block) }

    /// What is done about content in which these categories were found.
    public func verdict(_ found: Set<HazardCategory>, side: GuardSide) -> GuardrailVerdict {
        let actions = self[side]
        let blocked = found.filter { actions[$0] == .block }
        let flagged = found.filter { actions[$0] == .flag }
        if !blocked.isEmpty { return .block(blocked.sorted(), flagged: flagged.sorted()) }
        return flagged.isEmpty ? .pass : .flag(flagged.sorted())
    }

    /// What is done about content that could not be classified: what may have to be blocked does not pass.
    public func verdictWithoutScan(side: GuardSide) -> GuardrailVerdict {
        canBlock(side) ? .unavailable : .pass
    }
}

/// What guardrails say of one side of an exchange.
public enum GuardrailVerdict: Hashable, Sendable {
    case pass
    /// Passes; these are noted.
    case flag([HazardCategory])
    /// Does not pass, because of the first; the others were only to be noted.
    case block([HazardCategory], flagged: [HazardCategory])
    /// Nobody could say, and something of that side is to be blocked.
    case unavailable
}
