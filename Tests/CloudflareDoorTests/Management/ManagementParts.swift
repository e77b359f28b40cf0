import Accounts
import Domain
import DynamicRouting
import Foundation
import MemoryStores
import SQLiteLogs
import Synchronization

/// Logs that go away with the test.
final class LogShelf: Sendable {
    private let path = NSTemporaryDirectory() + "management-" + UUID().uuidString
    let store: SQLiteLogStore

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        store = try SQLiteLogStore.open(directory: path)
    }

    deinit {
        store.close()
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// What was begun and waits for the test to do it.
final class HeldWork: Sendable {
    private let waiting = Mutex<[@Sendable () async -> Void]>([])

    func add(_ work: @escaping @Sendable () async -> Void) { waiting.withLock { $0.append(work) } }

    func doAll() async {
        let all = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for work in all { await work() }
    }
}

/// No test here matches patterns.
struct NoPatterns: PatternCompiler {
    func compile(_ pattern: String) -> PatternMatcher? { nil }
}

/// What accounts have, by the store.
struct StoreMoney: MoneyView {
    let store: MemoryStore

    func balance(of account: Account) -> Nanodollars {
        (try? store.balances().of[.wallet(account.payerID)]) ?? .zero
    }
    func held(of account: Account) -> Nanodollars { .zero }
    func spent(_ scope: LimitScope) -> (today: Nanodollars, month: Nanodollars) { (.zero, .zero) }
}
