import Domain
import Synchronization

@testable import Metering

/// A clock that stands until it is moved.
final class ManualClock: WallClock {
    private let moment: Mutex<Timestamp>

    init(_ moment: Timestamp = .noon) {
        self.moment = Mutex(moment)
    }

    func now() -> Timestamp { moment.withLock { $0 } }
    func set(_ next: Timestamp) { moment.withLock { $0 = next } }
    func advance(seconds: Int64) {
        moment.withLock { $0 = Timestamp(microseconds: $0.microseconds + seconds * 1_000_000) }
    }
}

extension Timestamp {
    /// 2026-05-22 12:00:00 UTC.
    static let noon = Timestamp(seconds: 1_779_451_200)

    /// The first moment of a day.
    static func midnight(_ day: String) -> Timestamp {
        Timestamp(seconds: Int64(CalendarDay(day)?.unixSeconds ?? 0))
    }

    func adding(seconds: Int64) -> Timestamp { Timestamp(microseconds: microseconds + seconds * 1_000_000) }
}

extension Nanodollars {
    static func dollars(_ dollars: Int64) -> Nanodollars { Nanodollars(dollars * perDollar) }
    static func cents(_ cents: Int64) -> Nanodollars { Nanodollars(cents * perCent) }
}

extension TokenPrices {
    /// $1.10 and $4.40 a million.
    static let o4Mini = TokenPrices(input: 1_100_000_000, output: 4_400_000_000)
    /// One nano-dollar for a token, whichever.
    static let even = TokenPrices(input: 1_000_000, output: 1_000_000)
}

extension TokenUsage {
    static func of(_ prompt: Int, _ completion: Int) -> TokenUsage {
        TokenUsage(promptTokens: prompt, completionTokens: completion, totalTokens: prompt + completion)
    }
}

func account(
    _ id: String = "acc_1", plan: Account.Plan = .prepaid, parent: Account? = nil, limits: Limits = .none
) -> Account {
    Account(
        id: AccountID(id), name: id, createdAt: .noon, plan: plan, parentID: parent?.id, limits: limits)
}

func principal(
    key: String = "key_1", of account: Account = account(), parent: Account? = nil, limits: Limits = .none,
    budgets: [Budget] = []
) -> Principal {
    let key = APIKey(
        id: KeyID(key), accountID: account.id, name: key, prefix: "", hash: [], createdAt: .noon,
        scope: KeyScope(limits: limits))
    return Principal(
        key: key, account: account, parent: parent,
        budgets: Dictionary(budgets.map { ($0.tag, $0) }, uniquingKeysWith: { first, _ in first }))
}

func budget(
    _ tag: String, of account: String = "acc_1", monthly: Nanodollars? = nil, limits: Limits? = nil,
    action: Budget.Action = .block
) -> Budget {
    Budget(
        id: BudgetID("bud_\(tag)"), accountID: AccountID(account), tag: tag,
        limits: limits ?? Limits(monthly: monthly), action: action, createdAt: .noon)
}

/// A call of so many tokens, at one nano-dollar each.
func call(_ principal: Principal, tag: String? = nil, nanos: Int = 100, isOnOwnKey: Bool = false) -> ReservationRequest
{
    ReservationRequest(
        principal: principal, tag: tag, promptTokens: nanos, outputTokens: 0, prices: .even, isOnOwnKey: isOnOwnKey)
}

func opening(_ wallets: [String: Nanodollars] = [:], spending: [Spending] = [], budgets: [Budget] = [])
    -> TreasuryOpening
{
    TreasuryOpening(
        wallets: Dictionary(uniqueKeysWithValues: wallets.map { (AccountID($0), $1) }), spending: spending,
        budgets: budgets)
}

extension Treasury {
    /// Reserves and settles at what was held. Returns why not, otherwise.
    func spend(_ ask: ReservationRequest) -> GatewayError? {
        do {
            let reservation = try reserve(ask)
            let charge = reservation.charge(for: .of(ask.promptTokens, ask.outputTokens), priceVersion: nil)
            reservation.settle(charge, tokens: ask.promptTokens + ask.outputTokens)
            return nil
        } catch {
            return error
        }
    }

    func refusal(of ask: ReservationRequest) -> GatewayError? {
        do {
            let reservation = try reserve(ask)
            reservation.release()
            return nil
        } catch {
            return error
        }
    }
}

/// A small generator whose whole sequence follows from its seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Cheaper than `Int.random`, and even enough.
    mutating func below(_ bound: Int) -> Int { Int(next() >> 33) % bound }
}
