public import EventLoop
public import HTTPClient
public import JSON

/// What one loop owns for its calls: the upstream connections and the parser. Nothing in it is shared.
public final class Lane: @unchecked Sendable {
    // Guard: used by tasks on `loop` only.

    public let loop: LoopThread
    public let client: HTTPClient
    public let scanner = JSONScanner()

    public init(loop: LoopThread, client: HTTPClient) {
        self.loop = loop
        self.client = client
    }
}

/// The lanes of all loops.
public struct Lanes: Sendable {
    public let all: [Lane]

    public init(_ lanes: [Lane]) {
        precondition(!lanes.isEmpty)
        all = lanes
    }

    public func lane(of loop: LoopThread) -> Lane {
        all.first { $0.loop === loop } ?? all[0]
    }
}
