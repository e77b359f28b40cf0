import EventLoop
import Synchronization

/// Every open connection of a listener, for deadlines, hang-ups and shutdown.
final class ConnectionRegistry: Sendable {
    private let state = Mutex(State())

    private struct State {
        var connections: [UInt64: Connection] = [:]
        var lastToken: UInt64 = 0
    }

    func add(socket: Int32, address: String, loops: [LoopThread], isEncrypted: Bool) -> Connection {
        state.withLock { state in
            state.lastToken += 1
            let loop = loops[Int(state.lastToken % UInt64(loops.count))]
            let connection = Connection(
                token: state.lastToken, socket: socket, address: address, loop: loop, isEncrypted: isEncrypted)
            state.connections[connection.token] = connection
            return connection
        }
    }

    func remove(_ connection: Connection) {
        connection.closed()
        state.withLock { _ = $0.connections.removeValue(forKey: connection.token) }
    }

    func connection(_ token: UInt64) -> Connection? {
        state.withLock { $0.connections[token] }
    }

    var all: [Connection] {
        state.withLock { Array($0.connections.values) }
    }
}
