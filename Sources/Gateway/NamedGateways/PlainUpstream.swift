import Pipeline

/// A stream in a vendor's own wire.
final class PlainUpstream: ProviderStream, @unchecked Sendable {
    // Guard: confined to the loop of its call, as the stream it reads is.
    private let stream: PlainStream

    init(_ stream: PlainStream) {
        self.stream = stream
    }

    var bill: CallBill? { stream.bill }
    var isSettled: Bool { stream.isSettled }

    func next() async -> GatewayStreamStep {
        switch await stream.next() {
        case .bytes(let bytes): .bytes(bytes)
        case .end: .end
        case .failed(let error): .failed(error)
        }
    }

    func clientLeft() async {
        await stream.clientLeft()
    }
}
