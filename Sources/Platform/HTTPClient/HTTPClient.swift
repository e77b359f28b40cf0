import CCurl
public import EventLoop
import HTTPCore

/// An HTTP client on one loop: connections are pooled, HTTP/2 is used where the peer offers it.
///
/// Everything happens on the loop's thread; tasks that use it must prefer that loop.
public final class HTTPClient: @unchecked Sendable {
    // Guard: confined to `loop`, which `requireOnLoop` asserts at each entry.

    public let loop: LoopThread
    let configuration: ClientConfiguration
    private let anywhere: ConnectionPool
    /// Apart, because the library takes any connection to the same host, wherever its name led when it was opened.
    /// Made when it is first wanted.
    private var publicOnly: ConnectionPool?
    private var deadlineTimer: LoopTimer
    private var isSweeping = false
    private var active: [Transfer] = []

    /// How often deadlines are looked at; a request may outlive its deadline by this much.
    private static let sweepMilliseconds: UInt64 = 25

    public static func make(on loop: LoopThread, _ configuration: ClientConfiguration) async -> HTTPClient {
        await loop.run { HTTPClient(on: loop, configuration) }
    }

    private init(on loop: LoopThread, _ configuration: ClientConfiguration) {
        curl_global_init(Int(CURL_GLOBAL_ALL))
        self.loop = loop
        self.configuration = configuration
        anywhere = ConnectionPool(on: loop, configuration, reach: .anywhere)
        deadlineTimer = LoopTimer(on: loop)
    }

    /// Sends a request and returns when the header fields of its answer are there.
    /// Cancelling the task ends the request at once.
    public func send(
        _ template: RequestTemplate, body: [UInt8] = [], headers extra: [(String, String)] = [],
        deadlines: RequestDeadlines
    ) async throws(HTTPClientError) -> IncomingResponse {
        loop.requireOnLoop()
        let transfer = Transfer(client: self, deadlines: deadlines)
        let handle = pool(of: template.reach).handle()
        handle.prepare(template, body: body, extra: extra, transfer: transfer)
        start(transfer, on: handle)
        let response = IncomingResponse(transfer)
        try await response.waitForHead()
        return response
    }

    private func pool(of reach: Reach) -> ConnectionPool {
        switch reach {
        case .anywhere: return anywhere
        case .publicOnly:
            if let publicOnly { return publicOnly }
            let made = ConnectionPool(on: loop, configuration, reach: .publicOnly)
            publicOnly = made
            return made
        }
    }

    /// Closes every connection. Requests still running must have ended.
    public func close() {
        loop.requireOnLoop()
        for transfer in active { transfer.giveUp(.cancelled) }
        anywhere.close()
        publicOnly?.close()
        deadlineTimer.stop()
    }

    // MARK: Transfers

    private func start(_ transfer: Transfer, on handle: EasyHandle) {
        transfer.handle = handle
        transfer.index = active.count
        active.append(transfer)
        sweepWhileActive()
        handle.pool.start(handle)
    }

    /// Takes a transfer out of the library, whether it ended or is given up.
    func remove(_ transfer: Transfer) {
        guard let handle = transfer.handle else { return }
        transfer.handle = nil
        handle.pool.stop(handle)
        let last = active.removeLast()
        if last !== transfer {
            active[transfer.index] = last
            last.index = transfer.index
        }
    }

    // MARK: Deadlines

    private func sweepWhileActive() {
        guard !isSweeping else { return }
        isSweeping = true
        deadlineTimer.start(after: Self.sweepMilliseconds, every: Self.sweepMilliseconds) { [unowned self] in sweep() }
    }

    private func sweep() {
        guard !active.isEmpty else {
            deadlineTimer.stop()
            isSweeping = false
            return
        }
        let now = loop.now
        for transfer in active { transfer.enforceDeadlines(now: now) }
    }
}
