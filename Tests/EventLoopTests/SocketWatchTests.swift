import EventLoop
import Glibc
import Testing

@Suite("Socket watches")
struct SocketWatchTests {
    @Test func `a descriptor has one watch at a time`() async throws {
        let loop = LoopThread(name: "test")
        var pair: [Int32] = [0, 0]
        try #require(pipe(&pair) == 0)
        let reading = pair[0]
        let made = await loop.run {
            let first = SocketWatch(reading, on: loop) { _ in }
            first?.watch(.readable)
            let second = SocketWatch(reading, on: loop) { _ in }
            first?.close()
            let third = SocketWatch(reading, on: loop) { _ in }
            defer { third?.close() }
            return [first != nil, second != nil, third != nil]
        }
        #expect(made == [true, false, true])
        loop.stop()
        for descriptor in pair { close(descriptor) }
    }
}
