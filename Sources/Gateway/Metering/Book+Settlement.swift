import Domain

extension Book {
    /// What was held becomes what was spent, on the day of now.
    mutating func settle(_ hold: Hold, cost: Nanodollars, tokens: Int, now: Timestamp) {
        giveBack(hold, usedTokens: Int64(max(0, tokens)), now: now)
        for seat in Seats.all where hold.seats[seat] != 0 { states[hold.seats[seat]].spend(cost) }
        states[hold.seats.payer].balance -= cost
    }

    /// Nothing was used. The request stays counted.
    mutating func release(_ hold: Hold, now: Timestamp) {
        giveBack(hold, usedTokens: 0, now: now)
    }

    private mutating func giveBack(_ hold: Hold, usedTokens: Int64, now: Timestamp) {
        time.advance(to: now)
        for seat in Seats.all where hold.seats[seat] != 0 {
            let place = hold.seats[seat]
            states[place].turn(to: time)
            states[place].held -= hold.money
            states[place].underWay -= 1
            guard hold.seatsWithTokens[seat] == 1 else { continue }
            states[place].tokens?.correct(from: hold.tokens, to: usedTokens, at: hold.second)
        }
    }
}
