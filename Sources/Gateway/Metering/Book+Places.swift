import Domain

/// Who lies where, and who is forgotten.
extension Book {
    var scopeCount: Int { places.count }

    /// Finds or makes a place.
    mutating func place(of scope: LimitScope) -> Int {
        if let place = places[scope] { return place }
        let place = freePlaces.popLast() ?? states.count
        if place == states.count {
            states.append(ScopeState(scope))
        } else {
            states[place] = ScopeState(scope)
        }
        places[scope] = place
        return place
    }

    /// Nil when there is no room for a tag that could be left uncounted.
    mutating func tagPlace(_ scope: LimitScope, payer: Int, hasBudget: Bool) -> Int? {
        if let place = places[scope] {
            if hasBudget, !states[place].hasBudget {
                states[place].hasBudget = true
                states[payer].tagsWithoutBudget = max(0, states[payer].tagsWithoutBudget - 1)
            }
            return place
        }
        if !hasBudget {
            guard states[payer].tagsWithoutBudget < bounds.tagsPerAccount, scopeCount < bounds.scopes / 2
            else { return nil }
            states[payer].tagsWithoutBudget += 1
        }
        let place = place(of: scope)
        states[place].hasBudget = hasBudget
        return place
    }

    /// The desk of a principal: known by the object, so that no id has to be hashed.
    mutating func desk(of principal: Principal) throws(Refusal) -> Desk {
        if let desk = desks[ObjectIdentifier(principal)] { return desk }
        let scopes = Self.scopes(of: principal)
        guard scopeCount + scopes.count(where: { places[$0] == nil }) <= bounds.scopes else { throw .full }
        var seats = Seats()
        for (seat, scope) in scopes.enumerated() { seats[seat] = place(of: scope) }
        let desk = Desk(principal, seats: seats)
        // One desk for a key: when keys are read anew, the principal of before is let go.
        if let former = deskOfKey.updateValue(ObjectIdentifier(principal), forKey: seats[Seats.key]) {
            desks[former] = nil
        }
        desks[ObjectIdentifier(principal)] = desk
        return desk
    }

    /// Like `desk(of:)`, but makes no places: who has none is seen as nobody.
    func visitorDesk(of principal: Principal) -> Desk {
        var seats = Seats()
        for (seat, scope) in Self.scopes(of: principal).enumerated() { seats[seat] = places[scope] ?? 0 }
        return Desk(principal, seats: seats)
    }

    /// In the order of seats, without the tag.
    private static func scopes(of principal: Principal) -> [LimitScope] {
        let own: [LimitScope] = [.key(principal.keyID), .account(principal.accountID)]
        return principal.parent.map { own + [.account($0.id)] } ?? own
    }

    /// Forgets scopes that have nothing to remember, once there are twice as many scopes as after the last time, and
    /// when a month begins. Not to be called while places are in somebody's hands, other than in holds.
    mutating func sweepIfDue() {
        guard scopeCount + Seats.all.count > sweepSize || time.month != sweptMonth, time.second >= nextSweep
        else { return }
        sweep()
        sweepSize = min(bounds.scopes, max(Self.smallestSweep, 2 * scopeCount))
        nextSweep = time.second + Int64(Self.secondsBetweenSweeps)
        sweptMonth = time.month
    }

    private mutating func sweep() {
        desks.removeAll(keepingCapacity: true)
        deskOfKey.removeAll(keepingCapacity: true)
        for place in states.indices {
            guard let scope = states[place].scope else { continue }
            states[place].turn(to: time)
            states[place].tagsWithoutBudget = 0
            guard states[place].isIdle else { continue }
            states[place] = ScopeState()
            places[scope] = nil
            freePlaces.append(place)
        }
        for place in states.indices where !states[place].hasBudget {
            guard case .tag(let account, _) = states[place].scope, let payer = places[.account(account)] else {
                continue
            }
            states[payer].tagsWithoutBudget += 1
        }
    }
}
