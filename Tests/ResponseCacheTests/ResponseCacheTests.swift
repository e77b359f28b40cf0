import Domain
import Testing

@testable import ResponseCache

@Suite("Keeping answers")
struct ResponseCacheTests {
    let cache = ResponseCache()

    private static func limits(_ change: (inout CacheLimits) -> Void) -> CacheLimits {
        var limits = CacheLimits()
        change(&limits)
        return limits
    }

    @Test func `a kept answer is found again as it was`() {
        let key = cache.key(for: Samples.request())
        #expect(cache.lookup(key, now: Samples.now) == nil)
        #expect(cache.store(key, Samples.answer("hello"), ttl: 60, now: Samples.now))
        #expect(cache.lookup(key, now: Samples.later(1)) == Samples.answer("hello"))
        #expect(cache.lookup(cache.key(for: Samples.request()), now: Samples.later(2)) == Samples.answer("hello"))
        #expect(cache.lookup(cache.key(for: Samples.request("[]")), now: Samples.later(2)) == nil)
        let statistics = cache.statistics
        #expect((statistics.hits, statistics.misses, statistics.stored, statistics.entries) == (2, 2, 1, 1))
        #expect(statistics.bytes == Samples.answer("hello").cost)
    }

    @Test func `a stream comes back as its events`() {
        var answer = Samples.answer("")
        answer.body = .stream([Array("data: a\n\n".utf8), [], Array("data: [DONE]\n\n".utf8)])
        let key = cache.key(for: Samples.request())
        cache.store(key, answer, ttl: 60, now: Samples.now)
        #expect(cache.lookup(key, now: Samples.now)?.body == answer.body)
        #expect(answer.bodyBytes == 23)
    }

    @Test func `a newer answer takes the place of an older one`() {
        let key = cache.key(for: Samples.request())
        cache.store(key, Samples.answer("a long one that is gone"), ttl: 60, now: Samples.now)
        cache.store(key, Samples.answer("new"), ttl: 60, now: Samples.later(1))
        #expect(cache.lookup(key, now: Samples.later(2)) == Samples.answer("new"))
        #expect(cache.statistics.entries == 1)
        #expect(cache.statistics.bytes == Samples.answer("new").cost)
    }

    @Test func `an answer is gone at the very moment its time is over`() {
        let key = cache.key(for: Samples.request())
        cache.store(key, Samples.answer("a"), ttl: 60, now: Samples.now)
        #expect(cache.lookup(key, now: Samples.later(60, -1)) != nil)
        #expect(cache.lookup(key, now: Samples.later(60)) == nil)
        // It made room when it was found to be old.
        #expect(cache.statistics.entries == 0)
        #expect(cache.statistics.bytes == 0)
        #expect(cache.lookup(key, now: Samples.now) == nil)
    }

    @Test(arguments: [0, -1, .min]) func `without time nothing is kept`(_ seconds: Int) {
        let key = cache.key(for: Samples.request())
        #expect(!cache.store(key, Samples.answer("a"), ttl: seconds, now: Samples.now))
        #expect(cache.statistics.entries == 0)
    }

    @Test func `a time beyond all times is for ever`() {
        let key = cache.key(for: Samples.request())
        #expect(cache.store(key, Samples.answer("a"), ttl: .max, now: Samples.now))
        #expect(cache.lookup(key, now: Timestamp(microseconds: .max - 1)) != nil)
    }

    @Test func `a forgotten gateway's answers are gone, and others stay`() {
        let (mine, others) = (Samples.request(), Samples.request(gateway: "other"))
        for request in [mine, others] {
            cache.store(cache.key(for: request), Samples.answer("a"), ttl: 60, now: Samples.now)
        }
        cache.forget(account: mine.account, gateway: mine.gateway)
        #expect(cache.lookup(cache.key(for: mine), now: Samples.now) == nil)
        #expect(cache.lookup(cache.key(for: others), now: Samples.now) != nil)
        #expect(cache.store(cache.key(for: mine), Samples.answer("b"), ttl: 60, now: Samples.now))
        #expect(cache.lookup(cache.key(for: mine), now: Samples.now) == Samples.answer("b"))
    }

    @Test func `an answer that was under way while its gateway was forgotten is not kept`() {
        let request = Samples.request()
        let key = cache.key(for: request)
        cache.forget(account: request.account, gateway: request.gateway)
        #expect(!cache.store(key, Samples.answer("old"), ttl: 60, now: Samples.now))
        #expect(cache.lookup(key, now: Samples.now) == nil)
        #expect(cache.lookup(cache.key(for: request), now: Samples.now) == nil)
    }

    @Test func `a key kept as bytes is the same key`() throws {
        let request = Samples.request()
        cache.forget(account: request.account, gateway: request.gateway)
        let key = cache.key(for: request)
        let read = try #require(CacheKey(account: key.account, gateway: key.gateway, encoded: key.encoded))
        #expect(read == key)
        #expect(CacheKey(account: key.account, gateway: key.gateway, encoded: []) == nil)
    }

    @Test func `when too many gateways were forgotten, everything is`() {
        let cache = ResponseCache(limits: Self.limits { $0.forgottenGateways = 2 })
        let kept = Samples.request(gateway: "kept")
        cache.store(cache.key(for: kept), Samples.answer("a"), ttl: 60, now: Samples.now)
        for name in ["a", "b", "a"] { cache.forget(account: kept.account, gateway: GatewayID(name)) }
        #expect(cache.lookup(cache.key(for: kept), now: Samples.now) != nil)
        cache.forget(account: kept.account, gateway: GatewayID("c"))
        #expect(cache.lookup(cache.key(for: kept), now: Samples.now) == nil)
        #expect(cache.lookup(cache.key(for: Samples.request(gateway: "c")), now: Samples.now) == nil)
    }

    @Test func `what was used the longest ago makes room`() {
        let cache = ResponseCache(limits: Self.limits { ($0.entries, $0.shards) = (3, 1) })
        let keys = (0..<5).map { cache.key(for: Samples.request("\($0)")) }
        for key in keys[..<3] { cache.store(key, Samples.answer("a"), ttl: 60, now: Samples.now) }
        #expect(cache.lookup(keys[0], now: Samples.now) != nil)
        for key in keys[3...] { cache.store(key, Samples.answer("a"), ttl: 60, now: Samples.now) }
        #expect(keys.map { cache.lookup($0, now: Samples.now) != nil } == [true, false, false, true, true])
        #expect(cache.statistics.evicted == 2)
    }

    @Test func `an answer that is too large is not kept and throws nothing out`() {
        let cache = ResponseCache(limits: Self.limits { ($0.answerBytes, $0.bytes) = (1_000, 10_000) })
        let key = cache.key(for: Samples.request())
        #expect(cache.store(key, Samples.answer(String(repeating: "x", count: 1_000)), ttl: 60, now: Samples.now))
        let other = cache.key(for: Samples.request("[]"))
        #expect(!cache.store(other, Samples.answer(String(repeating: "x", count: 1_001)), ttl: 60, now: Samples.now))
        var events = Samples.answer("")
        events.body = .stream(Array(repeating: [], count: 1_000))
        #expect(!cache.store(other, events, ttl: 60, now: Samples.now))
        #expect(cache.lookup(key, now: Samples.now) != nil)
        #expect(cache.statistics.refused == 2)
        #expect(cache.statistics.evicted == 0)
    }

    @Test func `ten thousand answers stay within the bytes there are`() {
        let bound = 2 << 20
        let cache = ResponseCache(limits: Self.limits { $0.bytes = bound })
        var random = SeededGenerator(seed: 4)
        var costs: [Int] = []
        for number in 0..<10_000 {
            let answer = Samples.answer(String(repeating: "x", count: random.below(2_000)))
            costs.append(answer.cost)
            cache.store(cache.key(for: Samples.request("\(number)")), answer, ttl: 60, now: Samples.now)
            #expect(cache.statistics.bytes <= bound)
        }
        // What is counted is what is there.
        let kept = (0..<10_000).filter { number in
            cache.lookup(cache.key(for: Samples.request("\(number)")), now: Samples.now) != nil
        }
        let statistics = cache.statistics
        #expect(statistics.entries == kept.count)
        #expect(statistics.bytes == kept.map { costs[$0] }.reduce(0, +))
        #expect(statistics.bytes > bound - 4_000)
        #expect(statistics.stored - statistics.evicted == kept.count)
    }

    @Test func `no more answers are kept than there may be`() {
        let cache = ResponseCache(limits: Self.limits { $0.entries = 100 })
        for number in 0..<1_000 {
            cache.store(cache.key(for: Samples.request("\(number)")), Samples.answer("a"), ttl: 60, now: Samples.now)
            #expect(cache.statistics.entries == min(number + 1, 100))
        }
    }

    @Test func `many threads at once find only their own answers, within the bounds`() async {
        let cache = ResponseCache(limits: Self.limits { ($0.bytes, $0.entries) = (200_000, 150) })
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<8 {
                group.addTask {
                    var random = SeededGenerator(seed: UInt64(thread))
                    for _ in 0..<1_000 {
                        let number = random.below(300)
                        let request = Samples.request("\(number)", gateway: "g\(number % 3)")
                        let key = cache.key(for: request)
                        switch random.below(20) {
                        case 0: cache.forget(account: request.account, gateway: request.gateway)
                        case 1...9:
                            cache.store(
                                key, Samples.answer("answer \(number)"), ttl: 5, now: Samples.later(Int64(number % 4)))
                        default:
                            let found = cache.lookup(key, now: Samples.later(Int64(random.below(8))))
                            #expect(found == nil || found == Samples.answer("answer \(number)"))
                        }
                    }
                }
            }
            await group.waitForAll()
        }
        #expect(cache.statistics.entries <= 150)
        #expect(cache.statistics.bytes <= 200_000)
        #expect(cache.statistics.bytes > 0)
        // Nothing is counted that is not there: with everything out of date it all goes.
        for number in 0..<300 {
            _ = cache.lookup(
                cache.key(for: Samples.request("\(number)", gateway: "g\(number % 3)")), now: Samples.later(99))
        }
        #expect(cache.statistics.entries == 0)
        #expect(cache.statistics.bytes == 0)
    }
}
