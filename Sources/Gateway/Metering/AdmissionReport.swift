public import Domain

/// What would come of a call, without making it.
public struct AdmissionReport: Hashable, Sendable {
    /// One holder of limits.
    public struct Entry: Hashable, Sendable {
        public let holder: LimitHolder
        /// Nil for the wallet.
        public let scope: LimitScope?
        public let spentToday: Nanodollars
        public let spentMonth: Nanodollars
        public let held: Nanodollars
        public let callsUnderWay: Int
        /// In the order they are checked. Empty where nothing is limited.
        public let checks: [LimitCheck]
    }

    /// What would be held for the call.
    public let worstCase: Nanodollars
    /// What the call would count for at most.
    public let tokens: Int64
    public let entries: [Entry]
    /// What the call would be answered; nil when it would be made.
    public let refusal: GatewayError?
}
