import Domain

/// The state of a treasury: pure, told the time with each change.
struct Book {
    /// The most that is held for one call, a million dollars: prices beyond it are mistakes.
    static let greatestHold = Nanodollars(1_000_000 * Nanodollars.perDollar)
    static let secondsBetweenSweeps = 60
    static let smallestSweep = 1_024

    let bounds: TreasuryBounds
    var time: BookTime
    var latestPosting: Int64
    /// Place 0 is nobody's, and stays empty.
    var states: [ScopeState] = [ScopeState()]
    var places: [LimitScope: Int] = [:]
    var freePlaces: [Int] = []
    /// Forgotten when places are given to others.
    var desks: [ObjectIdentifier: Desk] = [:]
    var deskOfKey: [Int: ObjectIdentifier] = [:]
    var nextSweep: Int64
    var sweepSize = Self.smallestSweep
    var sweptMonth: Int
    var tagDay = TagDay()

    init(_ opening: TreasuryOpening, bounds: TreasuryBounds, now: Timestamp) {
        self.bounds = bounds
        time = BookTime(now)
        latestPosting = opening.latestPosting
        nextSweep = time.second
        sweptMonth = time.month
        for (account, amount) in opening.wallets {
            let place = place(of: .account(account))
            states[place].balance = amount
        }
        for budget in opening.budgets {
            let place = place(of: .tag(budget.accountID, budget.tag))
            states[place].hasBudget = true
        }
        load(opening.spending)
        for used in opening.tags { tagDay.insert(used.tag, of: used.payer, at: time) }
    }

    /// The dearest first, so that the tags that are left out are the cheapest.
    private mutating func load(_ spending: [Spending]) {
        let today = CalendarDay(daysSince1970: time.day)
        for row in spending.sorted(by: { $0.cost > $1.cost }) where row.day >= today.calendarMonth.firstDay {
            // A day ahead of the clock counts as today: the clock was set back, and what was spent stays spent.
            let isToday = row.day >= today
            add(row.cost, isToday: isToday, to: place(of: .key(row.keyID)))
            add(row.cost, isToday: isToday, to: place(of: .account(row.accountID)))
            let payer = place(of: .account(row.payer))
            if row.payer != row.accountID { add(row.cost, isToday: isToday, to: payer) }
            guard let tag = row.tag, let place = tagPlace(.tag(row.payer, tag), payer: payer, hasBudget: false)
            else { continue }
            add(row.cost, isToday: isToday, to: place)
        }
    }

    private mutating func add(_ cost: Nanodollars, isToday: Bool, to place: Int) {
        states[place].turn(to: time)
        states[place].spentMonth += cost
        if isToday { states[place].spentToday += cost }
    }

    /// Moves what a posting moves between wallets, unless that was done before.
    mutating func apply(_ stored: StoredPosting) {
        guard stored.id > latestPosting else { return }
        latestPosting = stored.id
        for transfer in stored.posting.transfers {
            if case .wallet(let account) = transfer.from {
                states[place(of: .account(account))].balance -= transfer.amount
            }
            if case .wallet(let account) = transfer.to {
                states[place(of: .account(account))].balance += transfer.amount
            }
        }
    }

    mutating func spent(_ scope: LimitScope, now: Timestamp) -> (today: Nanodollars, month: Nanodollars) {
        time.advance(to: now)
        let place = places[scope] ?? 0
        states[place].turn(to: time)
        return (states[place].spentToday, states[place].spentMonth)
    }

    mutating func standing(of account: Account, now: Timestamp) -> WalletStanding {
        let spent = spent(.account(account.id), now: now)
        let payer = places[.account(account.payerID)] ?? 0
        return WalletStanding(
            balance: states[payer].balance, held: states[payer].held, spentToday: spent.today,
            spentMonth: spent.month)
    }
}
