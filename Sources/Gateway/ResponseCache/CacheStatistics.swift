import Synchronization

/// What a cache holds, and how it has served since it was made.
public struct CacheStatistics: Hashable, Sendable {
    /// Kept now. The oldest may be beyond their time.
    public var entries = 0
    public var bytes = 0
    public var hits = 0
    public var misses = 0
    public var stored = 0
    /// Thrown out for others.
    public var evicted = 0
    /// Too large to be kept, or without room at that moment.
    public var refused = 0

    public init() {}
}

final class CacheTally: Sendable {
    private let hits = Atomic(0)
    private let misses = Atomic(0)
    private let stores = Atomic(0)
    private let evictions = Atomic(0)
    private let refusals = Atomic(0)

    func hit() { hits.add(1, ordering: .relaxed) }
    func missed() { misses.add(1, ordering: .relaxed) }
    func stored() { stores.add(1, ordering: .relaxed) }
    func evicted() { evictions.add(1, ordering: .relaxed) }
    func refused() { refusals.add(1, ordering: .relaxed) }

    var statistics: CacheStatistics {
        var statistics = CacheStatistics()
        statistics.hits = hits.load(ordering: .relaxed)
        statistics.misses = misses.load(ordering: .relaxed)
        statistics.stored = stores.load(ordering: .relaxed)
        statistics.evicted = evictions.load(ordering: .relaxed)
        statistics.refused = refusals.load(ordering: .relaxed)
        return statistics
    }
}
