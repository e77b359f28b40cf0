import Dialects
import Pipeline

/// A chat stream with its end mark.
final class ChatUpstream: ProviderStream, @unchecked Sendable {
    // Guard: confined to the loop of its call, as the stream it reads is.
    private let stream: ChatStream
    private(set) var isSettled = false

    init(_ stream: ChatStream) {
        self.stream = stream
    }

    var bill: CallBill? { stream.bill }

    func next() async -> GatewayStreamStep {
        guard !isSettled else { return .end }
        switch await stream.next() {
        case .bytes(let bytes): return .bytes(bytes)
        case .end:
            isSettled = true
            return .bytes(ServerSentEventWriter.done)
        case .failed(let error): return .failed(error)
        }
    }

    func clientLeft() async {
        await stream.clientLeft()
    }
}
