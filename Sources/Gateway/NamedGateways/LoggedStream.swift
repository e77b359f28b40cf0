import Domain
import Pipeline

/// A provider's stream on its way to a client, kept as far as it must be, and told of once when it ends.
final class LoggedStream: GatewayStream, @unchecked Sendable {
    // Guard: confined to the loop of its call, as the stream it reads is.

    struct End {
        let bill: CallBill?
        /// Why it broke; nil when it came to its end.
        let error: GatewayError?
        /// What was sent, as far as it was kept.
        let body: [UInt8]
        let size: Int
        /// Whether `body` is all of it.
        let isWhole: Bool
    }

    private let stream: any ProviderStream
    private let keeps: Bool
    private var body: [UInt8] = []
    private var size = 0
    private var finish: ((End) async -> Void)?

    init(_ stream: any ProviderStream, keeps: Bool, finish: @escaping (End) async -> Void) {
        self.stream = stream
        self.keeps = keeps
        self.finish = finish
    }

    func next() async -> GatewayStreamStep {
        let step = await stream.next()
        switch step {
        case .bytes(let bytes):
            keep(bytes)
            // Before the client has the end mark, so that it finds the log when it has.
            if stream.isSettled { await end(nil) }
        case .end: await end(nil)
        case .failed(let error): await end(error)
        }
        return step
    }

    func clientLeft() async {
        await stream.clientLeft()
        await end(GatewayError(.clientClosed, "The client left before the answer was complete."))
    }

    private func keep(_ bytes: [UInt8]) {
        size += bytes.count
        guard keeps, body.count < StepLog.mostBodyBytes else { return }
        body.append(contentsOf: bytes)
    }

    private func end(_ error: GatewayError?) async {
        guard let finish = finish.take() else { return }
        await finish(
            End(bill: stream.bill, error: error, body: body, size: size, isWhole: keeps && body.count == size))
    }
}

/// A stream that was kept, sent again.
final class ReplayedStream: GatewayStream, @unchecked Sendable {
    // Guard: confined to the loop of its call.
    private var rest: [UInt8]?

    init(_ body: [UInt8]) {
        rest = body
    }

    func next() async -> GatewayStreamStep {
        rest.take().map(GatewayStreamStep.bytes) ?? .end
    }

    func clientLeft() async {}
}
