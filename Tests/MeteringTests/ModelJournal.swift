import Domain

@testable import Metering

/// What a store would have kept: everything that was committed, and nothing else.
struct ModelJournal {
    struct Call {
        let number: Int
        let caller: Int
        let tag: Int
        let cost: Int64
        let vendorCost: Int64
        let day: Int
    }

    /// Sums by day, as a store keeps them beside its records. Amounts by caller, then by tag.
    struct Day {
        let number: Int
        var amounts: [Int64]
    }

    private(set) var calls: [Call] = []
    private(set) var postings: [StoredPosting] = []
    private(set) var wallets: [Int64]
    private(set) var cash: Int64 = 0
    private(set) var fees: Int64 = 0
    private(set) var vendors: Int64 = 0
    private(set) var shortfall: Int64 = 0
    private(set) var days: [Day] = []
    let cast: Cast

    init(_ cast: Cast) {
        self.cast = cast
        wallets = Array(repeating: 0, count: cast.payers.count)
        calls.reserveCapacity(1 << 20)
    }

    var sum: Int64 { wallets.reduce(0, +) + cash + fees + vendors + shortfall }

    /// Record and transfers in one transaction.
    mutating func commit(_ call: Call) {
        calls.append(call)
        let payer = cast.payerOfCaller[call.caller]
        wallets[payer] -= call.cost
        shortfall -= max(0, call.vendorCost - call.cost)
        vendors += max(call.vendorCost, call.cost)
        if days.last?.number != call.day {
            days.append(Day(number: call.day, amounts: Array(repeating: 0, count: cast.cells)))
        }
        days[days.count - 1].amounts[call.caller * cast.tags.count + call.tag] += call.cost
    }

    mutating func post(_ posting: Posting, at moment: Timestamp) -> StoredPosting {
        let stored = StoredPosting(id: Int64(postings.count + 1), createdAt: moment, posting: posting)
        postings.append(stored)
        let payer = cast.payers.firstIndex { $0.id == posting.accountID } ?? 0
        for transfer in posting.transfers {
            cash -= transfer.amount.rawValue
            if transfer.to == .platformFee {
                fees += transfer.amount.rawValue
            } else {
                wallets[payer] += transfer.amount.rawValue
            }
        }
        return stored
    }

    func opening(at now: Timestamp) -> TreasuryOpening {
        let first = CalendarDay(now).calendarMonth.firstDay
        var spending: [Spending] = []
        for day in days.reversed() {
            let date = CalendarDay(daysSince1970: day.number)
            guard date >= first else { break }
            for (cell, amount) in day.amounts.enumerated() where amount > 0 {
                let caller = cell / cast.tags.count
                spending.append(
                    Spending(
                        day: date, keyID: cast.callers[caller].keyID, accountID: cast.callers[caller].accountID,
                        payer: cast.callers[caller].payer.id, tag: cast.tags[cell % cast.tags.count],
                        cost: Nanodollars(amount)))
            }
        }
        let balances = zip(cast.payers, wallets).map { ($0.id, Nanodollars($1)) }
        return TreasuryOpening(
            wallets: Dictionary(uniqueKeysWithValues: balances), latestPosting: Int64(postings.count),
            spending: spending, budgets: cast.budgets)
    }

    /// What a scope has cost on a day, and in its month up to that day.
    func spent(_ scope: LimitScope, on day: Int) -> (today: Int64, month: Int64) {
        let first = CalendarDay(daysSince1970: day).calendarMonth.firstDay.daysSince1970
        let cells = cast.cells(of: scope)
        var (today, month): (Int64, Int64) = (0, 0)
        for sums in days.reversed() {
            guard sums.number >= first else { break }
            let amount = cells.reduce(0) { $0 + sums.amounts[$1] }
            month += amount
            if sums.number == day { today += amount }
        }
        return (today, month)
    }
}

/// Who plays in the simulation.
struct Cast {
    let payers: [Account]
    let callers: [Principal]
    let payerOfCaller: [Int]
    let budgets: [Budget]
    /// The first is none.
    let tags: [String?] = [nil, "search", "chat", "free"]
    let scopes: [LimitScope]

    /// Somebody who is never refused.
    let freeCaller = 6

    var cells: Int { callers.count * tags.count }

    init() {
        let poor = account("acc_poor")
        let rich = account("acc_rich", limits: Limits(daily: .dollars(2), monthly: .dollars(50)))
        let billed = account("acc_billed", plan: .postpaid, limits: Limits(monthly: .dollars(40)))
        let free = account("acc_free", plan: .postpaid)
        let parent = account("acc_parent", limits: Limits(concurrency: 6, daily: .dollars(3)))
        let first = account("acc_first", parent: parent, limits: Limits(monthly: .dollars(5)))
        let second = account("acc_second", parent: parent, limits: Limits(tokensPerMinute: 20_000))
        let tagged = [
            budget("search", of: "acc_parent", monthly: .dollars(2)),
            budget("chat", of: "acc_parent", limits: Limits(requestsPerMinute: 3, daily: .cents(10))),
        ]
        payers = [poor, rich, billed, free, parent]
        budgets = tagged
        callers = [
            principal(key: "key_0", of: poor), principal(key: "key_1", of: poor, limits: Limits(daily: .dollars(1))),
            principal(key: "key_2", of: rich, limits: Limits(monthly: .dollars(9))),
            principal(key: "key_3", of: rich, limits: Limits(requestsPerMinute: 4)),
            principal(key: "key_4", of: billed), principal(key: "key_5", of: billed, limits: Limits(concurrency: 1)),
            principal(key: "key_6", of: free), principal(key: "key_7", of: free),
            principal(key: "key_8", of: first, parent: parent, budgets: tagged),
            principal(key: "key_9", of: second, parent: parent, limits: Limits(daily: .dollars(1)), budgets: tagged),
        ]
        payerOfCaller = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
        var scopes: [LimitScope] = callers.map { .key($0.keyID) }
        scopes += (payers + [first, second]).map { .account($0.id) }
        scopes += tagged.map { .tag($0.accountID, $0.tag) }
        self.scopes = scopes
    }

    func limits(of scope: LimitScope) -> Limits {
        switch scope {
        case .key(let key): callers.first { $0.keyID == key }?.key.scope.limits ?? .none
        case .tag(_, let tag): budgets.first { $0.tag == tag }?.limits ?? .none
        case .account(let id):
            callers.lazy.flatMap { [$0.account, $0.payer] }.first { $0.id == id }?.limits ?? .none
        }
    }

    /// Where the amounts of a scope are in a day's sums.
    func cells(of scope: LimitScope) -> [Int] {
        (0..<cells).filter { cell in
            let caller = callers[cell / tags.count]
            switch scope {
            case .key(let key): return caller.keyID == key
            case .account(let id): return caller.accountID == id || caller.payer.id == id
            case .tag(let id, let tag): return caller.payer.id == id && tags[cell % tags.count] == tag
            }
        }
    }
}
