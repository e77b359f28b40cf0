import Domain
import SQLite
import Testing

@testable import SQLiteLogs

@Suite("Deleting logs")
struct LogDeletionTests {
    let directory: TemporaryDirectory
    let store: SQLiteLogStore

    init() throws {
        directory = try TemporaryDirectory()
        store = try SQLiteLogStore.open(directory: directory.path)
    }

    private func ids(_ query: LogQuery = Samples.query(ascending: true)) throws -> [LogID] {
        try store.page(query, offset: 0, limit: 1_000).entries.map(\.id)
    }

    private func fill(_ count: Int, gateway: GatewayID = Samples.gateway) {
        for number in 0..<count {
            store.append(Samples.entry(number, gateway: gateway), bodies: Samples.bodies("\(number)"))
        }
    }

    private func rows(_ table: SQLText, in file: String) throws -> Int64 {
        try Database(path: directory.file(file), mode: .readOnly).prepare("SELECT count(*) FROM " + table)
            .first { row in row.integer(at: 0) } ?? 0
    }

    @Test(arguments: LogQuery.Order.allCases, [true, false])
    func `the first of an order go, and the rest stays`(_ order: LogQuery.Order, _ isAscending: Bool) throws {
        let entries = RandomEntries.make(200, seed: 3).enumerated().sorted { left, right in
            (left.element.createdAt, left.offset) < (right.element.createdAt, right.offset)
        }.map(\.element)
        for entry in entries { store.append(entry, bodies: nil) }
        let query = Samples.query(
            [LogFilter(.cached, .equal, [.bool(false)])], order: order, ascending: isAscending)
        let doomed = Set(Reference.page(query, of: entries).prefix(60).map(\.id))
        #expect(try store.delete(query, limit: 60) == 60)
        #expect(try ids() == entries.map(\.id).filter { !doomed.contains($0) })
        #expect(store.count(account: Samples.account, gateway: Samples.gateway) == 140)
    }

    @Test func `without a limit all that fit go, with their bodies`() throws {
        fill(1_700)
        fill(3, gateway: GatewayID("other"))
        let old = LogFilter(.createdAt, .less, [.time(Samples.entry(1_500).createdAt)])
        #expect(try store.delete(Samples.query([old], order: .cost), limit: nil) == 1_500)
        #expect(try store.delete(Samples.query([old]), limit: nil) == 0)
        #expect(try ids().count == 200)
        #expect(try rows("bodies", in: "log-bodies.db") == 203)
        #expect(try store.bodies(Samples.id(1_499), account: Samples.account, gateway: Samples.gateway) == nil)
        #expect(try store.bodies(Samples.id(1_500), account: Samples.account, gateway: Samples.gateway) != nil)
        #expect(try store.delete(Samples.query(), limit: nil) == 200)
        #expect(try ids().isEmpty)
        #expect(try rows("bodies", in: "log-bodies.db") == 3)
        #expect(store.count(account: Samples.account, gateway: GatewayID("other")) == 3)
    }

    @Test(arguments: [0, -5]) func `a limit of nothing deletes nothing`(_ limit: Int) throws {
        fill(3)
        #expect(try store.delete(Samples.query(), limit: limit) == 0)
        #expect(try ids().count == 3)
    }

    @Test func `appended entries are written between the slices of a deletion`() throws {
        fill(2_000)
        let keys = try store.read { (reader) throws(SQLiteError) in
            try reader.keys(Samples.query(), latest: .max, limit: 2_000)
        }
        // What stands in the queue between two orders is written between them.
        let gateway = Samples.query().gatewayKey
        var left: [Int] = []
        for start in stride(from: 0, to: 2_000, by: 500) {
            store.append(Samples.entry(5_000 + start), bodies: nil)
            _ = try store.writer.perform { (files) throws(SQLiteError) in
                try files.index.delete(keys[start..<start + 500], of: gateway)
            }
            left.append(try store.page(Samples.query(), offset: 0, limit: 0).total)
        }
        #expect(left == [1_501, 1_002, 503, 4])
    }

    @Test func `a deleted id may come again`() throws {
        fill(1)
        #expect(try store.delete(Samples.query(), limit: nil) == 1)
        store.append(Samples.fullEntry(0), bodies: Samples.bodies("again"))
        #expect(
            try store.entry(Samples.id(0), account: Samples.account, gateway: Samples.gateway) == Samples.fullEntry(0))
        #expect(
            try store.bodies(Samples.id(0), account: Samples.account, gateway: Samples.gateway)
                == Samples.bodies("again"))
    }

    private func tidy(
        _ capacities: [GatewayLogCapacity] = [], otherwise: Int = .max, before: Timestamp = Timestamp(microseconds: 0)
    ) throws {
        try store.tidy(capacities: capacities, defaultCapacity: otherwise, bodiesBefore: before)
    }

    @Test func `each gateway keeps the newest its capacity allows`() throws {
        fill(30)
        fill(30, gateway: GatewayID("other"))
        fill(3, gateway: GatewayID("small"))
        try tidy(
            [GatewayLogCapacity(account: Samples.account, gateway: Samples.gateway, entries: 10)], otherwise: 25)
        #expect(try ids() == (20..<30).map { Samples.id($0) })
        #expect(try ids(Samples.query(ascending: true, gateway: GatewayID("other"))) == (5..<30).map { Samples.id($0) })
        #expect(store.count(account: Samples.account, gateway: GatewayID("small")) == 3)
        #expect(store.count(account: Samples.account, gateway: Samples.gateway) == 10)
        #expect(try rows("bodies", in: "log-bodies.db") == 38)
    }

    @Test func `bodies go by their time and entries stay`() throws {
        fill(300)
        try tidy(before: Samples.entry(120).createdAt)
        #expect(try ids().count == 300)
        #expect(try store.bodies(Samples.id(119), account: Samples.account, gateway: Samples.gateway) == nil)
        #expect(try store.bodies(Samples.id(120), account: Samples.account, gateway: Samples.gateway) != nil)
        #expect(try rows("bodies", in: "log-bodies.db") == 180)
    }

    @Test func `the oldest bodies go when their file is too large`() throws {
        var limits = LogLimits()
        limits.bodyFileBytes = 2 << 20
        let directory = try TemporaryDirectory()
        let store = try SQLiteLogStore.open(directory: directory.path, limits: limits)
        for number in 0..<400 {
            store.append(Samples.entry(number), bodies: LogBodies(request: Array(repeating: 1, count: 16_000)))
        }
        try store.tidy(capacities: [], defaultCapacity: .max, bodiesBefore: Timestamp(microseconds: 0))
        let used = try store.writer.perform { (files) throws(SQLiteError) in try files.bodies.usedBytes() }
        #expect(used <= 2 << 20)
        #expect(used > 1 << 20)
        #expect(try store.bodies(Samples.id(399), account: Samples.account, gateway: Samples.gateway) != nil)
        #expect(try store.bodies(Samples.id(0), account: Samples.account, gateway: Samples.gateway) == nil)
    }

    @Test func `an emptied gateway leaves nothing behind, and can be filled again`() throws {
        for entry in RandomEntries.make(300, seed: 1) { store.append(entry, bodies: Samples.bodies("x")) }
        #expect(try store.delete(Samples.query(), limit: nil) == 300)
        try tidy()
        for table in ["entries", "tags", "texts", "gateways"] as [SQLText] {
            #expect(try rows(table, in: "logs.db") == 0)
        }
        #expect(try rows("bodies", in: "log-bodies.db") == 0)
        store.append(Samples.fullEntry(1), bodies: nil)
        #expect(try store.page(Samples.query(), offset: 0, limit: 5).entries == [Samples.fullEntry(1)])
    }

    @Test func `tags of whole slots go, and what is left is found by the others`() throws {
        let count = 2 << Int(Tag.slotBits)
        for number in 0..<count {
            var entry = Samples.entry(number)
            entry.eventID = "evt_\(number)"
            // More than may wait.
            while !store.append(entry, bodies: nil) { store.writer.waitForAll() }
        }
        store.writer.waitForAll()
        #expect(try rows("tags", in: "logs.db") == Int64(count))
        #expect(try store.delete(Samples.query(ascending: true), limit: count / 2 + 100) == count / 2 + 100)
        try tidy()
        // The first number is 1, so slot 0 has one less.
        #expect(try rows("tags", in: "logs.db") == Int64(count / 2 + 1))
        for number in [count / 2 + 99, count / 2 + 100, count - 1] {
            let query = Samples.query([LogFilter(.eventID, .equal, [.text("evt_\(number)")])])
            #expect(try ids(query) == (number < count / 2 + 100 ? [] : [Samples.id(number)]))
        }
    }

    @Test func `texts that no entry has any more go, and others stay`() throws {
        let count = Int(SQLiteLogStore.sweptTexts) + 500
        for number in 0..<count {
            var entry = Samples.entry(number)
            entry.userAgent = "agent \(number)"
            while !store.append(entry, bodies: nil) { store.writer.waitForAll() }
        }
        #expect(try store.delete(Samples.query(ascending: true), limit: count - 10) == count - 10)
        try tidy()
        // Ten agents, and the provider, model and path of all.
        #expect(try rows("texts", in: "logs.db") == 13)
        let expected = (count - 10..<count).map { "agent \($0)" }
        let entries = try store.page(Samples.query(ascending: true), offset: 0, limit: 20).entries
        #expect(entries.map(\.userAgent) == expected)
        var again = Samples.entry(count)
        again.userAgent = "agent 0"
        store.append(again, bodies: nil)
        #expect(try store.entry(again.id, account: again.account, gateway: again.gateway) == again)
    }

    @Test func `texts used while they are swept stay`() throws {
        store.append(Samples.fullEntry(1), bodies: nil)
        #expect(try store.delete(Samples.query(), limit: nil) == 1)
        try store.writer.perform { (files) throws(SQLiteError) in files.index.texts.beginSweep() }
        let unused = try store.read { (reader) throws(SQLiteError) in try reader.unusedTexts(in: 1) }
        #expect(unused.count == 9)
        store.append(Samples.entry(2), bodies: nil)
        try store.writer.perform { (files) throws(SQLiteError) in
            try files.index.deleteTexts(unused[...])
            files.index.texts.endSweep()
        }
        #expect(try rows("texts", in: "logs.db") == 3)
        #expect(try store.entry(Samples.id(2), account: Samples.account, gateway: Samples.gateway) == Samples.entry(2))
    }
}
