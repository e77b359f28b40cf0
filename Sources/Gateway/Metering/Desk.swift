import Domain

/// Where the scopes of one principal lie in the book, looked up once for all its calls.
///
/// It holds on to the principal, so that no other one can have its address while the desk is known by that.
final class Desk: Sendable {
    let principal: Principal
    let payerID: AccountID
    let seats: Seats
    let keyLimits: Limits
    let accountLimits: Limits
    /// Nil unless the account is a sub-account.
    let parentLimits: Limits?
    let isPrepaid: Bool
    let hasLimits: Bool

    init(_ principal: Principal, seats: Seats) {
        self.principal = principal
        payerID = principal.payer.id
        self.seats = seats
        keyLimits = principal.key.scope.limits
        accountLimits = principal.account.limits
        parentLimits = principal.parent?.limits
        isPrepaid = principal.payer.plan == .prepaid
        hasLimits = keyLimits != .none || accountLimits != .none || (parentLimits ?? .none) != .none
    }
}

/// The places in the book that one call counts for. Place 0 is nobody's.
struct Seats: Hashable, Sendable {
    static let key = 0
    static let account = 1
    static let parent = 2
    static let tag = 3
    static let all = 0..<4

    private var places: SIMD4<Int32> = .zero

    subscript(seat: Int) -> Int {
        get { Int(places[seat]) }
        set { places[seat] = Int32(truncatingIfNeeded: newValue) }
    }

    /// The account whose wallet pays.
    var payer: Int { self[Self.parent] != 0 ? self[Self.parent] : self[Self.account] }
}
