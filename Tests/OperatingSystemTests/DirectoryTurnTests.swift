import OperatingSystem
import Synchronization
import Testing

@Suite("Turns at a directory")
struct DirectoryTurnTests {
    let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    @Test func `one is taken at a time`() async throws {
        let path = scratch.path
        let holders = Holders()
        await withTaskGroup { group in
            for _ in 0..<400 {
                group.addTask {
                    DirectoryTurn.take(at: path) {
                        holders.change(by: 1)
                        holders.change(by: -1)
                    }
                }
            }
        }
        #expect(holders.most == 1)
    }

    @Test func `the work is done and its error thrown, also where no turn can be had`() {
        #expect(DirectoryTurn.take(at: scratch.path + "/missing") { 7 } == 7)
        #expect(throws: CancellationError.self) {
            try DirectoryTurn.take(at: scratch.path) { throw CancellationError() }
        }
    }
}

private final class Holders: Sendable {
    private let count = Mutex((now: 0, most: 0))

    func change(by number: Int) {
        count.withLock { $0 = ($0.now + number, max($0.most, $0.now + number)) }
    }

    var most: Int { count.withLock { $0.most } }
}
