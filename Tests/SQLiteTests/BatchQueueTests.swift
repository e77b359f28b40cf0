import Foundation
import OperatingSystem
import Synchronization
import Testing

@testable import SQLite

@Suite("Batch queue and worker thread")
struct BatchQueueTests {
    @Test func `everything that waits is taken at once and in order`() {
        let queue = BatchQueue<Int>(limit: 10)
        for number in 1...3 { #expect(queue.append(number) == .accepted) }
        var batch: [Int] = []
        #expect(queue.takeAll(into: &batch))
        #expect(batch == [1, 2, 3])
        #expect(queue.count == 0)
    }

    @Test func `beyond its limit nothing is accepted until something is taken`() {
        let queue = BatchQueue<Int>(limit: 2)
        #expect(queue.append(1) == .accepted)
        #expect(queue.append(2) == .accepted)
        #expect(queue.append(3) == .full)
        var batch: [Int] = []
        #expect(queue.takeAll(into: &batch))
        #expect(queue.append(4) == .accepted)
    }

    @Test func `a closed queue accepts nothing and gives what it has`() {
        let queue = BatchQueue<Int>(limit: 2)
        #expect(queue.append(1) == .accepted)
        queue.close()
        #expect(queue.append(2) == .closed)
        var batch: [Int] = []
        #expect(queue.takeAll(into: &batch))
        #expect(batch == [1])
        batch.removeAll()
        #expect(!queue.takeAll(into: &batch))
    }

    @Test func `a sleeping taker is woken by each of many threads, and by the close`() throws {
        let queue = BatchQueue<Int>(limit: 100_000)
        let sum = Atomic(0)
        let taker = try WorkerThread(name: "taker") {
            var batch: [Int] = []
            while queue.takeAll(into: &batch) {
                sum.add(batch.reduce(0, +), ordering: .relaxed)
                batch.removeAll(keepingCapacity: true)
            }
        }
        let givers = try (0..<4).map { giver in
            try WorkerThread(name: "giver-\(giver)") {
                for number in 1...2_000 { _ = queue.append(number) }
            }
        }
        for giver in givers { giver.join() }
        queue.close()
        taker.join()
        #expect(sum.load(ordering: .relaxed) == 4 * 2_000 * 2_001 / 2)
    }

    @Test func `a thread carries its name, cut to what the system keeps`() throws {
        let seen = Mutex("")
        let thread = try WorkerThread(name: "a-name-that-is-too-long") {
            seen.withLock { seen in seen = threadName() }
        }
        thread.join()
        thread.join()
        #expect(seen.withLock { seen in seen } == "a-name-that-is-")
    }

    @Test(arguments: [(WorkerThread.Scheduling.normal, SchedulerPolicy.other), (.gathering, .batch)])
    func `a thread is scheduled as it was asked to be`(
        _ scheduling: WorkerThread.Scheduling, _ policy: SchedulerPolicy
    ) throws {
        let seen = Atomic<Int32>(-1)
        let thread = try WorkerThread(name: "policy", scheduling: scheduling) {
            seen.store(sched_getscheduler(0), ordering: .relaxed)
        }
        thread.join()
        #expect(seen.load(ordering: .relaxed) == policy.rawValue)
    }
}

/// As Linux numbers them.
enum SchedulerPolicy: Int32 {
    case other = 0
    case batch = 3
}

private func threadName() -> String {
    let text = try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
    return text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
}
