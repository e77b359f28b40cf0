import EventLoop
public import HTTPCore

/// An answer whose header fields are there and whose body may still be coming.
///
/// Dropped before its end, it ends the request.
public final class IncomingResponse: @unchecked Sendable {
    // Guard: confined to the client's loop.
    private let transfer: Transfer

    init(_ transfer: Transfer) {
        self.transfer = transfer
    }

    public var status: Int { transfer.status }
    public var headers: HeaderFields { transfer.headers }

    func waitForHead() async throws(HTTPClientError) {
        while !transfer.isHeadComplete {
            if case .failure(let error)? = transfer.outcome { throw error }
            guard transfer.outcome == nil else { throw .brokenOff("no answer") }
            try await wait()
        }
    }

    /// The next bytes of the body as they arrived; nil at its proper end.
    public func nextPiece() async throws(HTTPClientError) -> [UInt8]? {
        while !transfer.hasArrived {
            switch transfer.outcome {
            case .success: return nil
            case .failure(let error): throw error
            case nil: try await wait()
            }
        }
        return transfer.takeArrived()
    }

    /// The whole body, of at most so many bytes.
    public func collect(limit: Int) async throws(HTTPClientError) -> [UInt8] {
        var body: [UInt8] = []
        while let piece = try await nextPiece() {
            guard body.count + piece.count <= limit else {
                transfer.giveUp(.tooLarge(limit: limit))
                throw .tooLarge(limit: limit)
            }
            // The usual answer is one piece, which becomes the body without being copied.
            if body.isEmpty { body = piece } else { body.append(contentsOf: piece) }
        }
        return body
    }

    /// Ends the request; the connection is closed unless its answer was complete.
    public func cancel() {
        transfer.giveUp(.cancelled)
    }

    private func wait() async throws(HTTPClientError) {
        if Task.isCancelled { transfer.giveUp(.cancelled) }
        let transfer = transfer
        let loop = transfer.loop
        nonisolated(unsafe) let confined = transfer  // Guard: used on its loop only, where `execute` runs it.
        await withTaskCancellationHandler {
            if transfer.outcome == nil { await transfer.wait() }
        } onCancel: {
            loop.execute { unsafe confined.giveUp(.cancelled) }
        }
        if case .failure(.cancelled)? = transfer.outcome { throw .cancelled }
    }

    deinit {
        transfer.giveUp(.cancelled)
    }
}
