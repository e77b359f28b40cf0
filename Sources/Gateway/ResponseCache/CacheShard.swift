import Crypto
import Domain

/// A part of the cache: its answers in the order they were last used. Belongs to whoever holds its lock.
struct CacheShard {
    struct Entry {
        let digest: Digest32
        let answer: CachedAnswer
        let age: GatewayAge
        let expires: Timestamp
        let cost: Int
    }

    /// An entry and its neighbours; `none` at the ends.
    private struct Slot {
        var entry: Entry?
        var newer = none
        var older = none
    }

    enum Finding {
        case found(CachedAnswer)
        case nothing
        /// It was there, but its time is over or its gateway has forgotten it. Now it is gone.
        case stale(Entry)
    }

    private static let none = -1

    private var places: [Digest32: Int] = [:]
    private var slots: [Slot] = []
    private var free: [Int] = []
    private var newest = none
    private var oldest = none

    var count: Int { places.count }

    mutating func find(_ key: CacheKey, _ now: Timestamp) -> Finding {
        guard let place = places[key.digest], let entry = slots[place].entry else { return .nothing }
        guard entry.age == key.age, now < entry.expires else {
            take(out: place)
            return .stale(entry)
        }
        unlink(place)
        link(place)
        return .found(entry.answer)
    }

    /// Returns what had its place before.
    mutating func insert(_ entry: Entry) -> Entry? {
        let before = places[entry.digest].flatMap { take(out: $0) }
        let place = free.popLast() ?? slots.count
        if place == slots.count { slots.append(Slot()) }
        slots[place].entry = entry
        places[entry.digest] = place
        link(place)
        return before
    }

    mutating func removeOldest() -> Entry? {
        oldest == Self.none ? nil : take(out: oldest)
    }

    @discardableResult
    private mutating func take(out place: Int) -> Entry? {
        guard let entry = slots[place].entry else { return nil }
        unlink(place)
        slots[place].entry = nil
        places[entry.digest] = nil
        free.append(place)
        return entry
    }

    private mutating func link(_ place: Int) {
        slots[place].newer = Self.none
        slots[place].older = newest
        if newest != Self.none { slots[newest].newer = place }
        newest = place
        if oldest == Self.none { oldest = place }
    }

    private mutating func unlink(_ place: Int) {
        let (newer, older) = (slots[place].newer, slots[place].older)
        if newer == Self.none { newest = older } else { slots[newer].older = older }
        if older == Self.none { oldest = newer } else { slots[older].newer = newer }
    }
}
