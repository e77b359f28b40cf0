import Synchronization
import Testing

@testable import EventLoop

/// What several threads note, where a mutex alone could not be shared with a task.
private final class Noted<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }

    func withLock<Result: Sendable>(_ body: (inout sending Value) -> sending Result) -> Result {
        value.withLock(body)
    }
}

@Suite("Event loop", .timeLimit(.minutes(1)))
struct LoopThreadTests {
    /// A loop for the length of a test.
    private func withLoop(_ test: @escaping @Sendable (LoopThread) async throws -> Void) async throws {
        let loop = LoopThread(name: "test")
        let result = await Task { try await test(loop) }.result
        loop.stop()
        try result.get()
    }

    @Test func `work from one thread runs in its order, on the loop`() async throws {
        try await withLoop { loop in
            let seen = Mutex<[Int]>([])
            for number in 0..<1000 {
                loop.execute {
                    loop.requireOnLoop()
                    seen.withLock { $0.append(number) }
                }
            }
            await loop.run {}
            #expect(seen.withLock { $0 } == Array(0..<1000))
            #expect(!loop.isCurrent)
        }
    }

    @Test func `work from many threads all runs, each thread's in its order`() async throws {
        try await withLoop { loop in
            let seen = Noted<[[Int]]>(Array(repeating: [], count: 8))
            await withTaskGroup(of: Void.self) { group in
                for sender in 0..<8 {
                    group.addTask {
                        for number in 0..<500 { loop.execute { seen.withLock { $0[sender].append(number) } } }
                    }
                }
            }
            await loop.run {}
            #expect(seen.withLock { $0 } == Array(repeating: Array(0..<500), count: 8))
        }
    }

    @Test func `a task that prefers the loop stays on it across suspensions`() async throws {
        try await withLoop { loop in
            let isOnLoop = await loop.run {
                var always = loop.isCurrent
                for _ in 0..<10 {
                    await Task.yield()
                    always = always && loop.isCurrent
                    await loop.sleep(milliseconds: 0)
                    always = always && loop.isCurrent
                }
                return always
            }
            #expect(isOnLoop)
        }
    }

    @Test func `sleeps end in the order of their length`() async throws {
        try await withLoop { loop in
            let order = Noted<[Int]>([])
            await withTaskGroup(of: Void.self) { group in
                for milliseconds in [60, 20, 40] {
                    group.addTask(executorPreference: loop) {
                        await loop.sleep(milliseconds: UInt64(milliseconds))
                        order.withLock { $0.append(milliseconds) }
                    }
                }
            }
            #expect(order.withLock { $0 } == [20, 40, 60])
        }
    }

    @Test func `a cancelled sleep ends at once, begun or not`() async throws {
        try await withLoop { loop in
            let sleeper = Task(executorPreference: loop) { await loop.sleep(milliseconds: 3_600_000) }
            await loop.run {}
            sleeper.cancel()
            await sleeper.value
            let late = Task(executorPreference: loop) {
                withUnsafeCurrentTask { $0?.cancel() }
                await loop.sleep(milliseconds: 3_600_000)
            }
            await late.value
        }
    }

    @Test func `a timer repeats until it is stopped`() async throws {
        try await withLoop { loop in
            let count = await loop.run {
                let timer = LoopTimer(on: loop)
                let reached = Parking<Void>()
                var count = 0
                timer.start(after: 1, every: 1) {
                    count += 1
                    if count == 5 {
                        timer.stop()
                        reached.resume(())
                    }
                }
                await reached.park()
                await loop.sleep(milliseconds: 10)
                return count
            }
            #expect(count == 5)
        }
    }

    @Test func `a value that comes before its waiter is kept`() async throws {
        try await withLoop { loop in
            let values = await loop.run {
                let place = Parking<Int>()
                place.resume(1)
                let early = await place.park()
                loop.execute { place.resume(2) }
                return [early, await place.park()]
            }
            #expect(values == [1, 2])
        }
    }

    @Test func `work accepted before the stop is done, and after it none`() async {
        for _ in 0..<50 {
            let loop = LoopThread(name: "test")
            let count = Atomic<Int>(0)
            for _ in 0..<20 { loop.execute { count.add(1, ordering: .relaxed) } }
            loop.stop()
            let done = count.load(ordering: .relaxed)
            loop.execute { count.add(1, ordering: .relaxed) }
            let later = count.load(ordering: .relaxed)
            #expect((done, later) == (20, 20))
            #expect(loop.isOver)
        }
    }

    @Test func `loops may be stopped while other threads still call them`() async {
        for _ in 0..<30 {
            let loop = LoopThread(name: "test")
            let isReady = Noted(false)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        isReady.withLock { $0 = true }
                        for _ in 0..<200 { loop.execute {} }
                    }
                }
                while !isReady.withLock({ $0 }) { await Task.yield() }
                loop.stop()
            }
        }
    }
}
