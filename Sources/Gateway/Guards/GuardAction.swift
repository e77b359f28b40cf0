/// What happens when something is found.
public enum GuardAction: String, Hashable, Sendable, CaseIterable {
    /// It passes and is noted.
    case flag = "FLAG"
    /// It does not pass.
    case block = "BLOCK"
}

extension GuardAction: Comparable {
    /// Blocking is more than flagging.
    public static func < (left: GuardAction, right: GuardAction) -> Bool { left == .flag && right == .block }
}

/// Which half of an exchange is looked at.
public enum GuardSide: String, Hashable, Sendable, CaseIterable {
    case request = "REQUEST"
    case response = "RESPONSE"
}
