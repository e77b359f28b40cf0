import Crypto
public import Domain
import Synchronization

/// Answers that were given before, bounded in bytes and number; those used the longest ago make room for new ones.
///
/// Locks are short and one for each part, and nobody waits for anything else.
public final class ResponseCache: Sendable {
    private let limits: CacheLimits
    private let shards: [LockedShard]
    private let ages: GatewayAges
    /// Of what is kept and what is just being put in.
    private let bytes = Atomic(0)
    private let entries = Atomic(0)
    /// The part that is next to make room.
    private let turn = Atomic(0)
    private let tally = CacheTally()

    public init(limits: CacheLimits = CacheLimits()) {
        self.limits = limits
        shards = (0..<max(1, limits.shards)).map { _ in LockedShard() }
        ages = GatewayAges(most: max(0, limits.forgottenGateways))
    }

    /// The key of a request as its gateway is now. Reads the whole body.
    public func key(for request: CacheRequest) -> CacheKey {
        CacheKey(request, age: ages.age(request.account, request.gateway))
    }

    /// The answer kept under the key, unless its time is over: it is at the very moment it was to be kept until.
    public func lookup(_ key: CacheKey, now: Timestamp) -> CachedAnswer? {
        guard isOfNow(key) else {
            tally.missed()
            return nil
        }
        let finding = shard(of: key).state.withLock { shard in shard.find(key, now) }
        switch finding {
        case .found(let answer):
            tally.hit()
            return answer
        case .stale(let entry): release(entry)
        case .nothing: break
        }
        tally.missed()
        return nil
    }

    /// Keeps the answer for so many seconds. Returns false when it is not kept: it is too large, the time is none, or
    /// the gateway's answers were forgotten since the key was made.
    @discardableResult
    public func store(_ key: CacheKey, _ answer: CachedAnswer, ttl seconds: Int, now: Timestamp) -> Bool {
        guard seconds > 0, isOfNow(key) else { return false }
        let cost = answer.cost
        guard answer.bodyBytes <= limits.answerBytes, cost <= limits.bytes, reserve(cost) else {
            tally.refused()
            return false
        }
        let entry = CacheShard.Entry(
            digest: key.digest, answer: answer, age: key.age, expires: now.after(seconds: seconds), cost: cost)
        let before = shard(of: key).state.withLock { shard in shard.insert(entry) }
        if let before { release(before) }
        tally.stored()
        return true
    }

    /// Forgets every answer of a gateway, those under way included. Takes the same short time however many there are;
    /// they make room when they are looked for, or when it is their turn.
    public func forget(account: AccountID, gateway: GatewayID) {
        ages.forget(account, gateway)
    }

    public var statistics: CacheStatistics {
        var statistics = tally.statistics
        statistics.entries = entries.load(ordering: .relaxed)
        statistics.bytes = bytes.load(ordering: .relaxed)
        return statistics
    }

    private func isOfNow(_ key: CacheKey) -> Bool {
        key.age == ages.age(key.account, key.gateway)
    }

    private func shard(of key: CacheKey) -> LockedShard {
        shards[Int(UInt(bitPattern: key.digest.hashValue) % UInt(shards.count))]
    }

    /// Makes room before anything is put in, so that the bounds hold at every moment. False when there is none to make:
    /// all of it is just being filled by others.
    private func reserve(_ cost: Int) -> Bool {
        entries.add(1, ordering: .relaxed)
        bytes.add(cost, ordering: .relaxed)
        var found = 0
        while bytes.load(ordering: .relaxed) > limits.bytes || entries.load(ordering: .relaxed) > limits.entries {
            let place = turn.wrappingAdd(1, ordering: .relaxed).oldValue
            let shard = shards[Int(UInt(bitPattern: place) % UInt(shards.count))]
            if let oldest = shard.state.withLock({ shard in shard.removeOldest() }) {
                release(oldest)
                tally.evicted()
                found = 0
            } else {
                found += 1
            }
            if found == shards.count {
                release(cost)
                return false
            }
        }
        return true
    }

    private func release(_ entry: CacheShard.Entry) {
        release(entry.cost)
    }

    private func release(_ cost: Int) {
        entries.subtract(1, ordering: .relaxed)
        bytes.subtract(cost, ordering: .relaxed)
    }
}

private final class LockedShard: Sendable {
    let state = Mutex(CacheShard())
}

extension Timestamp {
    /// Stops at the end of time.
    fileprivate func after(seconds: Int) -> Timestamp {
        let (span, isTooLong) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000)
        let (end, isTooLate) = microseconds.addingReportingOverflow(span)
        return Timestamp(microseconds: isTooLong || isTooLate ? .max : end)
    }
}
