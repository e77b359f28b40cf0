import Dialects
public import Domain
import HTTPClient
import JSON

/// A running chat stream. Its door pulls from it, step by step, until a step that ends it.
public final class ChatStream: @unchecked Sendable {
    // Guard: confined to the loop of its call.

    private let response: IncomingResponse
    private let scanner: JSONScanner
    private var tap: ChatStreamTap
    private var reader = ServerSentEventReader()
    private var meter: CallMeter?
    private var ending: Ending?
    /// The vendor's body is at its end; what is left in the reader is all there is.
    private var isDrained = false
    /// What it came to, once the record is committed.
    public private(set) var bill: CallBill?

    private enum Ending {
        case complete
        case broken(GatewayError)

        var isComplete: Bool {
            if case .complete = self { true } else { false }
        }
    }

    public enum Step: Sendable {
        /// Send this now, then ask again.
        case bytes([UInt8])
        /// Send the end mark; the record is committed.
        case end
        /// The stream broke after it had begun; the record is committed if it could be.
        case failed(GatewayError)
    }

    init(
        _ response: IncomingResponse, first: [UInt8], tap: ChatStreamTap, meter: consuming CallMeter,
        scanner: JSONScanner
    ) {
        self.response = response
        self.scanner = scanner
        self.tap = tap
        self.meter = consume meter
        reader.feed(first)
    }

    public func next() async -> Step {
        while true {
            if let ending { return await settle(ending) }
            let ready = takeReady()
            if !ready.isEmpty { return .bytes(ready) }
            guard ending == nil else { continue }
            guard isDrained else {
                await read()
                continue
            }
            let last = upstreamEnded()
            if !last.isEmpty { return .bytes(last) }
        }
    }

    /// The client left: the vendor is told to stop, and what was used is recorded.
    public func clientLeft() async {
        response.cancel()
        guard var meter = meter.take() else { return }
        let bill = bill(&meter)
        // The status had been sent when the stream began.
        if (try? await meter.settle(.cancelled, status: 200, error: .clientClosed)) != nil { self.bill = bill }
    }

    /// Everything that can be sent of what has arrived, so that one arrival makes one write.
    private func takeReady() -> [UInt8] {
        var ready: [UInt8] = []
        while ending == nil, let event = nextEvent() {
            switch tap.take(event, scanner: scanner) {
            case .pass(let bytes):
                if ready.isEmpty { ready = bytes } else { ready.append(contentsOf: bytes) }
            case .done:
                ready.append(contentsOf: tap.end(isComplete: true))
                ending = .complete
            case .failed(let error):
                ending = .broken(error)
            }
        }
        return ready
    }

    private func nextEvent() -> ServerSentEvent? {
        do {
            return try reader.next()
        } catch {
            ending = .broken(GatewayError(.providerError, "The provider sent a stream this gateway cannot read."))
            return nil
        }
    }

    private func read() async {
        do {
            if let piece = try await response.nextPiece() {
                reader.feed(piece)
            } else {
                _ = reader.finish()
                isDrained = true
            }
        } catch {
            ending = .broken(GatewayError(error))
        }
    }

    /// Some vendors close without an end mark, or without the blank line behind the last event; an answer that had
    /// finished is complete all the same. Returns what is still to be sent.
    private func upstreamEnded() -> [UInt8] {
        var last: [UInt8] = []
        if let event = reader.takeUnfinishedEvent(), event.hasData {
            switch tap.take(event, scanner: scanner) {
            case .pass(let bytes): last = bytes
            case .done: break
            case .failed(let error): ending = tap.sawFinish ? nil : .broken(error)
            }
        }
        if ending == nil {
            ending =
                tap.sawFinish
                ? .complete
                : .broken(GatewayError(.providerError, "The provider ended its stream before the answer was complete."))
        }
        return last
    }

    private func settle(_ ending: Ending) async -> Step {
        let held = tap.end(isComplete: ending.isComplete)
        guard held.isEmpty else { return .bytes(held) }
        response.cancel()
        guard var meter = meter.take() else { return .end }
        let bill = bill(&meter)
        let vendorKey = meter.vendorKey
        do {
            switch ending {
            case .complete:
                try await meter.settle(.complete, status: 200)
                self.bill = bill
                return .end
            case .broken(let error):
                let outcome: CallOutcome = error.reason == .clientClosed ? .cancelled : .partial
                try await meter.settle(outcome, status: 200, error: error.reason)
                self.bill = bill
                return .failed(error.withholding(vendorKey))
            }
        } catch {
            return .failed(error)
        }
    }

    private func bill(_ meter: inout CallMeter) -> CallBill {
        let charge = meter.used(tap.usage, orElse: tap.estimate)
        return CallBill(usage: tap.usage ?? tap.estimate, charge: charge)
    }
}
