public import Domain
import HTTPClient
import JSON

/// A running answer in a vendor's own wire, passed on as it comes. Its reader pulls from it until it ends.
public final class PlainStream: @unchecked Sendable {
    // Guard: confined to the loop of its call.

    private let response: IncomingResponse
    private let scanner: JSONScanner
    private let promptEstimate: Int
    private var reader: (any PlainUsageReader)?
    private var meter: CallMeter?
    /// Held back by one piece, so that the last one leaves when the record is committed.
    private var held: [UInt8]
    /// What it came to, once the record is committed.
    public private(set) var bill: CallBill?
    /// Whether the record is committed and the bytes just given were the last.
    public private(set) var isSettled = false

    public enum Step: Sendable {
        case bytes([UInt8])
        case end
        case failed(GatewayError)
    }

    init(
        _ response: IncomingResponse, first: [UInt8], reader: (any PlainUsageReader)?, promptEstimate: Int,
        meter: consuming CallMeter, scanner: JSONScanner
    ) {
        self.response = response
        self.scanner = scanner
        self.promptEstimate = promptEstimate
        self.reader = reader
        self.meter = consume meter
        held = []
        take(first)
    }

    public func next() async -> Step {
        guard meter != nil else { return .end }
        while true {
            // All that has come but the last event can go on; that one waits to see whether it is the last.
            let ready = takeReady()
            if !ready.isEmpty { return .bytes(ready) }
            do {
                guard let piece = try await response.nextPiece() else { return await settle(nil) }
                take(piece)
            } catch {
                return await settle(GatewayError(error))
            }
        }
    }

    /// The client left: the vendor is told to stop, and what was used is recorded.
    public func clientLeft() async {
        response.cancel()
        guard var meter = meter.take() else { return }
        let bill = bill(&meter)
        if (try? await meter.settle(.cancelled, status: response.status, error: .clientClosed)) != nil {
            self.bill = bill
        }
    }

    private func take(_ piece: [UInt8]) {
        reader?.feed(piece, scanner: scanner)
        if held.isEmpty { held = piece } else { held.append(contentsOf: piece) }
    }

    /// Once the answer says that it has ended, what is left waits for the record.
    private func takeReady() -> [UInt8] {
        guard reader?.hasEnded != true else { return [] }
        return held.take()
    }

    private func settle(_ broken: GatewayError?) async -> Step {
        response.cancel()
        guard var meter = meter.take() else { return .end }
        let bill = bill(&meter)
        let vendorKey = meter.vendorKey
        do {
            guard let broken else {
                try await meter.settle(.complete, status: response.status)
                self.bill = bill
                isSettled = true
                let last = held.take()
                return last.isEmpty ? .end : .bytes(last)
            }
            let outcome: CallOutcome = broken.reason == .clientClosed ? .cancelled : .partial
            try await meter.settle(outcome, status: response.status, error: broken.reason)
            self.bill = bill
            return .failed(broken.withholding(vendorKey))
        } catch {
            return .failed(error)
        }
    }

    private func bill(_ meter: inout CallMeter) -> CallBill {
        reader?.finish(scanner: scanner)
        return meter.used(reader, promptEstimate: promptEstimate)
    }
}

extension [UInt8] {
    fileprivate mutating func take() -> [UInt8] {
        defer { self = [] }
        return self
    }
}
