import CCurl
import EventLoop
import HTTPCore

/// One request on its way: what has arrived, who waits for it, and how long it may take.
///
/// Confined to its client's loop. libcurl writes into it; one task reads from it.
final class Transfer {
    let deadlines: RequestDeadlines
    private(set) var status = 0
    private(set) var headers = HeaderFields()
    private(set) var isHeadComplete = false
    private(set) var outcome: Result<Void, HTTPClientError>?
    var handle: EasyHandle?
    /// Where the client keeps it among its active transfers.
    var index = 0

    private unowned let client: HTTPClient
    private var arrived: [UInt8] = []
    private var isPaused = false
    private var isWaiting = false
    private let signal = Parking<Void>()
    private let startedAt: UInt64
    private var lastHeardAt: UInt64

    /// What the library takes as "stop reading until told".
    private static let pauseReading = Int(CURL_WRITEFUNC_PAUSE)

    init(client: HTTPClient, deadlines: RequestDeadlines) {
        self.client = client
        self.deadlines = deadlines
        startedAt = client.loop.now
        lastHeardAt = startedAt
    }

    // MARK: From the library

    func receivedHeader(_ line: UnsafeRawBufferPointer) {
        let line = unsafe HeaderLine(line)
        if let status = line.status {
            self.status = status
            headers = HeaderFields()
        } else if line.isEmpty {
            // 1xx answers come before the real one.
            guard status >= 200, !isHeadComplete else { return }
            isHeadComplete = true
            lastHeardAt = client.loop.now
            wake()
        } else if !isHeadComplete {
            line.append(to: &headers)
        }
    }

    func receivedBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard arrived.count < client.configuration.readAheadBytes else {
            isPaused = true
            return Self.pauseReading
        }
        lastHeardAt = client.loop.now
        unsafe arrived.append(contentsOf: bytes)
        wake()
        return bytes.count
    }

    func ended(_ code: CURLcode) {
        guard outcome == nil else { return }
        outcome = code == CURLE_OK ? .success(()) : .failure(Self.error(for: code))
        client.remove(self)
        wake()
    }

    private static func error(for code: CURLcode) -> HTTPClientError {
        let text = unsafe String(cString: curl_easy_strerror(code))
        return switch code {
        case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .cannotConnect(text)
        case CURLE_OPERATION_TIMEDOUT: .timedOut(.connect)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CERTPROBLEM:
            .notTrusted(text)
        default: .brokenOff(text)
        }
    }

    // MARK: From the reading task

    func takeArrived() -> [UInt8] {
        let taken = arrived
        arrived = []
        if isPaused { resumeReading() }
        return taken
    }

    private func resumeReading() {
        isPaused = false
        lastHeardAt = client.loop.now
        guard let handle else { return }
        unsafe curl_easy_pause(handle.easy, CURLPAUSE_CONT)
        client.serveLibrary()
    }

    var hasArrived: Bool { !arrived.isEmpty }

    /// Returns when something changed.
    func wait() async {
        isWaiting = true
        await signal.park()
    }

    private func wake() {
        guard isWaiting else { return }
        isWaiting = false
        signal.resume(())
    }

    func giveUp(_ error: HTTPClientError) {
        guard outcome == nil else { return }
        // An answer that is dropped elsewhere gives up there, which nothing else would notice.
        loop.requireOnLoop()
        outcome = .failure(error)
        client.remove(self)
        wake()
    }

    var loop: LoopThread { client.loop }

    // MARK: Deadlines

    func enforceDeadlines(now: UInt64) {
        if let phase = missedDeadline(now: now) { giveUp(.timedOut(phase)) }
    }

    private func missedDeadline(now: UInt64) -> RequestPhase? {
        func isOver(_ limit: UInt64, since start: UInt64) -> Bool { limit > 0 && now >= start + limit }
        if isOver(deadlines.totalMilliseconds, since: startedAt) { return .total }
        if !isHeadComplete {
            return isOver(deadlines.firstByteMilliseconds, since: startedAt) ? .firstByte : nil
        }
        // While we pause it, silence is our own doing.
        return !isPaused && isOver(deadlines.idleMilliseconds, since: lastHeardAt) ? .idle : nil
    }
}
