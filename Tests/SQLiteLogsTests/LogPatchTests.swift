import Domain
import Testing

@testable import SQLiteLogs

@Suite("Changing log entries")
struct LogPatchTests {
    let directory: TemporaryDirectory
    let store: SQLiteLogStore

    init() throws {
        directory = try TemporaryDirectory()
        store = try SQLiteLogStore.open(directory: directory.path)
        store.append(Samples.fullEntry(1), bodies: Samples.bodies("1"))
        store.append(Samples.fullEntry(2), bodies: nil)
    }

    private func patch(_ patch: LogPatch) throws -> GatewayLogEntry? {
        let patched = try store.patch(Samples.id(1), account: Samples.account, gateway: Samples.gateway, patch)
        let read = try store.entry(Samples.id(1), account: Samples.account, gateway: Samples.gateway)
        #expect(patched == read)
        #expect(
            try store.entry(Samples.id(2), account: Samples.account, gateway: Samples.gateway) == Samples.fullEntry(2))
        return patched
    }

    private func found(value: String) throws -> [LogID] {
        let query = Samples.query([LogFilter(.metadataValue, .equal, [.text(value)])], ascending: true)
        return try store.page(query, offset: 0, limit: 10).entries.map(\.id)
    }

    @Test func `a patch without anything changes nothing`() throws {
        #expect(try patch(LogPatch()) == Samples.fullEntry(1))
    }

    @Test(arguments: [1, -1, nil]) func `feedback is set and taken away`(_ feedback: Int?) throws {
        var expected = Samples.fullEntry(1)
        expected.feedback = feedback
        #expect(try patch(LogPatch(feedback: .some(feedback))) == expected)
    }

    @Test(arguments: [0, 100, nil]) func `a score is set and taken away`(_ score: Int?) throws {
        var expected = Samples.fullEntry(1)
        expected.score = score
        #expect(try patch(LogPatch(score: .some(score))) == expected)
    }

    @Test func `metadata is replaced, and found by its new values alone`() throws {
        var expected = Samples.fullEntry(1)
        expected.metadata = CallMetadata([CallMetadata.Entry(key: "plan", value: .text("pro"))])
        #expect(try patch(LogPatch(metadata: .some(expected.metadata))) == expected)
        #expect(try found(value: "pro") == [Samples.id(1)])
        #expect(try found(value: "zwölf") == [Samples.id(2)])
    }

    @Test func `metadata is taken away`() throws {
        var expected = Samples.fullEntry(1)
        expected.metadata = CallMetadata()
        #expect(try patch(LogPatch(metadata: .some(nil))) == expected)
        #expect(try found(value: "zwölf") == [Samples.id(2)])
    }

    @Test func `several things change at once`() throws {
        var expected = Samples.fullEntry(1)
        expected.feedback = 1
        expected.score = nil
        expected.metadata = CallMetadata()
        #expect(try patch(LogPatch(feedback: .some(1), score: .some(nil), metadata: .some(nil))) == expected)
    }

    @Test func `an entry that is still on its way can be changed`() throws {
        store.append(Samples.entry(3), bodies: nil)
        let patched = try store.patch(
            Samples.id(3), account: Samples.account, gateway: Samples.gateway, LogPatch(score: .some(7)))
        #expect(patched?.score == 7)
    }

    @Test func `what is not there cannot be changed`() throws {
        #expect(
            try store.patch(
                Samples.id(9), account: Samples.account, gateway: Samples.gateway, LogPatch(score: .some(7))) == nil)
    }
}
