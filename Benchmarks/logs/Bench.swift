import Domain
import Glibc
import OperatingSystem
import SQLiteLogs

struct Bench {
    let store: SQLiteLogStore
    let count: Int
    private var entries = Entries()
    private var made = 0
    private let clock = SystemClock()

    init(store: SQLiteLogStore, count: Int) {
        self.store = store
        self.count = count
    }

    // MARK: Writing

    mutating func build() throws {
        print("| Appending | at 1,000 entries | at \(grouped(count)) |\n| --- | ---: | ---: |")
        try fill(upTo: 1_000)
        let few = try appendCosts()
        let began = clock.monotonicNanoseconds()
        let before = made
        try fill(upTo: count)
        let seconds = Double(clock.monotonicNanoseconds() - began) / 1e9
        let many = try appendCosts()
        for (name, one, other) in zip3(few.map(\.name), few.map(\.cost), many.map(\.cost)) {
            print("| \(name) | \(one) | \(other) |")
        }
        let rate = Int(Double(made - before) / seconds)
        print(
            "\n\(grouped(made - before)) entries were made and written in \(tenths(seconds)) s, \(grouped(rate)) a second.\n"
        )
    }

    private mutating func fill(upTo total: Int) throws {
        while made < total { append(entries.entry(made), nil) }
        try settle()
    }

    private mutating func append(_ entry: GatewayLogEntry, _ bodies: LogBodies?) {
        // Where the queue is full, as long as it takes to write it.
        while !store.append(entry, bodies: bodies) { try? settle() }
        made += 1
    }

    /// Waits for what was appended.
    private func settle() throws {
        _ = try store.entry(LogID("none"), account: Entries.account, gateway: Entries.gateway)
    }

    private mutating func appendCosts() throws -> [(name: String, cost: String)] {
        var costs: [(String, String)] = []
        let ready = (0..<10_000).map { entries.entry(made + $0) }
        var began = clock.monotonicNanoseconds()
        for entry in ready { append(entry, nil) }
        costs.append(("`append`, for its caller", perEntry(since: began, ready.count)))
        try settle()
        costs.append(("10,000 at once, until they are written", perEntry(since: began, ready.count)))
        let withBodies = (0..<2_000).map { (entries.entry(made + $0), entries.bodies()) }
        began = clock.monotonicNanoseconds()
        for (entry, bodies) in withBodies { append(entry, bodies) }
        try settle()
        costs.append(("2,000 with bodies of 4 KB at once", perEntry(since: began, withBodies.count)))
        let alone = (0..<300).map { entries.entry(made + $0) }
        began = clock.monotonicNanoseconds()
        for entry in alone {
            append(entry, nil)
            try settle()
        }
        costs.append(("one, until it can be read (waits for the writer's rest)", perEntry(since: began, alone.count)))
        return costs
    }

    // MARK: Asking

    func ask() throws {
        print("| First page of 20 | entries found | ms | CPU ms |\n| --- | ---: | ---: | ---: |")
        for (name, query) in Questions.all(middle: made / 2) {
            var best = UInt64.max
            var bestWork = UInt64.max
            var total = 0
            for _ in 0..<3 {
                let began = clock.monotonicNanoseconds()
                let work = threadNanoseconds()
                total = try store.page(query, offset: 0, limit: 20).total
                best = min(best, clock.monotonicNanoseconds() - began)
                bestWork = min(bestWork, threadNanoseconds() - work)
            }
            print("| \(name) | \(grouped(total)) | \(tenths(Double(best) / 1e6)) | \(tenths(Double(bestWork) / 1e6)) |")
        }
        var work = threadNanoseconds()
        var began = clock.monotonicNanoseconds()
        let summary = try store.summary(Questions.query([]))
        print("| summary of all | \(grouped(Int(summary.count))) | \(spent(since: began, work)) |")
        (began, work) = (clock.monotonicNanoseconds(), threadNanoseconds())
        _ = try store.page(Questions.query([]), offset: made - 20, limit: 20)
        print("| the last page of all | \(grouped(made)) | \(spent(since: began, work)) |\n")
    }

    // MARK: Deleting

    mutating func delete() throws {
        print(
            "| Deleting | entries | s | longest `append` meanwhile, ms | most waiting |\n| --- | ---: | ---: | ---: | ---: |"
        )
        try delete("by `user_agent contains`", Questions.query([Questions.agents]), limit: nil)
        try delete("the 10,000 dearest", Questions.query([], order: .cost), limit: 10_000)
        try delete("the 100,000 oldest", Questions.query([], ascending: true), limit: 100_000)
        let capacity = store.count(account: Entries.account, gateway: Entries.gateway) - 100_000
        let began = clock.monotonicNanoseconds()
        try store.tidy(capacities: [], defaultCapacity: capacity, bodiesBefore: Timestamp(microseconds: .max))
        print(
            "| tidy: 100,000 over capacity, every body | 100,000 | \(tenths(Double(milliseconds(since: began)) / 1e3)) | | |"
        )
    }

    private mutating func delete(_ name: String, _ query: LogQuery, limit: Int?) throws {
        let appender = try Appender(store, from: made)
        let began = clock.monotonicNanoseconds()
        let deleted = try store.delete(query, limit: limit)
        let seconds = Double(clock.monotonicNanoseconds() - began) / 1e9
        let (appended, longest, waiting) = appender.stop()
        made += appended
        print("| \(name) | \(grouped(deleted)) | \(tenths(seconds)) | \(longest) | \(waiting) |")
    }

    // MARK: Words

    private func spent(since began: UInt64, _ work: UInt64) -> String {
        let (time, cpu) = (clock.monotonicNanoseconds() - began, threadNanoseconds() - work)
        return "\(tenths(Double(time) / 1e6)) | \(tenths(Double(cpu) / 1e6))"
    }

    private func perEntry(since began: UInt64, _ count: Int) -> String {
        "\(tenths(Double(clock.monotonicNanoseconds() - began) / 1e3 / Double(count))) µs"
    }

    private func milliseconds(since began: UInt64) -> Int {
        Int((clock.monotonicNanoseconds() - began) / 1_000_000)
    }
}

func tenths(_ value: Double) -> String {
    let scaled = Int((value * 10).rounded())
    return "\(scaled / 10).\(scaled % 10)"
}

func grouped(_ value: Int) -> String {
    var digits = String(value)
    var groups: [String] = []
    while digits.count > 3 {
        groups.append(String(digits.suffix(3)))
        digits.removeLast(3)
    }
    return ([digits] + groups.reversed()).joined(separator: ",")
}

func zip3<A, B, C>(_ first: [A], _ second: [B], _ third: [C]) -> [(A, B, C)] {
    zip(first, zip(second, third)).map { ($0, $1.0, $1.1) }
}

/// What this thread has used of a processor.
private func threadNanoseconds() -> UInt64 {
    var time = timespec()
    _ = clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
