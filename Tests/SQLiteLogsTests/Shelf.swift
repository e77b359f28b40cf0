import Domain
import Testing

@testable import SQLiteLogs

/// A store full of random entries that many tests read and none changes.
final class Shelf: Sendable {
    static let shared = Result { try Shelf() }

    let directory: TemporaryDirectory
    let store: SQLiteLogStore
    /// The same, seen through a store that reads in order where the other looks entries up.
    let orderly: SQLiteLogStore
    let entries: [GatewayLogEntry]

    private init() throws {
        directory = try TemporaryDirectory()
        store = try SQLiteLogStore.open(directory: directory.path)
        let made = RandomEntries.make(1_000, seed: 20_261_121)
        entries = made.enumerated().sorted { left, right in
            (left.element.createdAt, left.offset) < (right.element.createdAt, right.offset)
        }.map(\.element)
        var limits = LogLimits()
        limits.candidates = 10
        orderly = try SQLiteLogStore.open(directory: directory.path, limits: limits)
        for entry in made { #expect(store.append(entry, bodies: nil)) }
        // Others', which nothing may find.
        for entry in made.prefix(200) {
            var others = entry
            others.account = AccountID("acc_other")
            #expect(store.append(others, bodies: nil))
            others.account = entry.account
            others.gateway = GatewayID("other")
            #expect(store.append(others, bodies: nil))
        }
    }

    /// The first and the last page against the reference.
    func check(_ query: LogQuery, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let expected = Reference.page(query, of: entries).map(\.id)
        let page = try store.page(query, offset: 0, limit: 100)
        #expect(page.total == expected.count, sourceLocation: sourceLocation)
        #expect(page.entries.map(\.id) == Array(expected.prefix(100)), sourceLocation: sourceLocation)
        let start = max(0, expected.count - 15)
        let last = try orderly.page(query, offset: start, limit: 20)
        #expect(last.total == expected.count, sourceLocation: sourceLocation)
        #expect(last.entries.map(\.id) == Array(expected.dropFirst(start)), sourceLocation: sourceLocation)
    }
}
