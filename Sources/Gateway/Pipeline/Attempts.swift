import Dialects
import Domain
import HTTPClient
import HTTPCore
import JSON

/// What a vendor is to be asked.
struct VendorOrder {
    let template: RequestTemplate
    let body: [UInt8]
    let headers: [(String, String)]
    let expects: Expectation
    let isOnOwnKey: Bool
    let plan: RetryPlan

    enum Expectation {
        case whole, stream
        /// The answer says by its type what it is.
        case anything
    }

    func isStream(_ response: IncomingResponse) -> Bool {
        switch expects {
        case .whole: false
        case .stream: true
        case .anything: response.isEventStream
        }
    }
}

extension IncomingResponse {
    var isEventStream: Bool {
        (headers.first("content-type") ?? "").lowercased().hasPrefix("text/event-stream")
    }
}

/// What it answered, as far as it must be there before the client is told anything.
enum VendorReply {
    case whole(IncomingResponse, body: [UInt8])
    case stream(IncomingResponse, first: [UInt8])
}

/// Why an attempt came to nothing, and whether another may do better.
private struct AttemptFailure: Error {
    let error: GatewayError
    let isWorthRetrying: Bool
    /// Longer than a caller can be kept waiting means: do not.
    var wantsPauseMilliseconds: UInt64 = 0

    init(_ error: GatewayError, isWorthRetrying: Bool) {
        self.error = error
        self.isWorthRetrying = isWorthRetrying
    }

    init(_ failure: HTTPClientError) {
        error = GatewayError(failure)
        isWorthRetrying =
            switch failure {
            case .cannotConnect, .brokenOff, .timedOut: true
            case .notTrusted, .tooLarge, .cancelled: false
            }
    }
}

extension Pipeline {
    /// A refusal's body is read up to here; vendors' explanations are short.
    private static var refusalLimit: Int { 64 << 10 }

    /// Asks, and asks again as the plan says while nothing has reached the client. Returns how often it asked.
    func ask(
        _ order: VendorOrder, _ meter: inout CallMeter, on lane: Lane
    ) async throws(GatewayError) -> (VendorReply, attempts: Int) {
        var attempt = 1
        while true {
            let isLast = attempt >= order.plan.maximumAttempts
            do throws(AttemptFailure) {
                return (try await ask(once: order, isLast: isLast, &meter, on: lane), attempt)
            } catch {
                guard !isLast, error.isWorthRetrying, error.wantsPauseMilliseconds <= RetryPlan.longestDelayMilliseconds
                else { throw error.error }
                let wait = max(order.plan.delay(afterFailures: attempt), error.wantsPauseMilliseconds)
                if wait > 0 { await pause(wait) }
                guard !Task.isCancelled else { throw GatewayError(HTTPClientError.cancelled) }
            }
            attempt += 1
        }
    }

    private func ask(
        once order: VendorOrder, isLast: Bool, _ meter: inout CallMeter, on lane: Lane
    ) async throws(AttemptFailure) -> VendorReply {
        let refused: IncomingResponse
        do throws(HTTPClientError) {
            let response = try await lane.client.send(
                order.template, body: order.body, headers: order.headers, deadlines: deadlines(order, isLast: isLast))
            meter.firstByte()
            if (200..<300).contains(response.status) { return try await opened(response, order) }
            refused = response
        } catch {
            throw AttemptFailure(error)
        }
        throw await refusal(refused, order, on: lane)
    }

    private func opened(
        _ response: IncomingResponse, _ order: VendorOrder
    ) async throws(HTTPClientError) -> VendorReply {
        guard order.isStream(response) else {
            return .whole(response, body: try await response.collect(limit: limits.maximumAnswerBytes))
        }
        // Until the first bytes are there, a failure can still be told with a proper status.
        return .stream(response, first: try await response.nextPiece() ?? [])
    }

    private func refusal(
        _ response: IncomingResponse, _ order: VendorOrder, on lane: Lane
    ) async -> AttemptFailure {
        let body = (try? await response.collect(limit: Self.refusalLimit)) ?? []
        var error = VendorError.answer(
            status: response.status, retryAfter: response.headers.first("retry-after"), body: body,
            isOnOwnKey: order.isOnOwnKey, scanner: lane.scanner)
        // What a vendor says of the gateway's own credentials is nobody else's business.
        if order.isOnOwnKey || (response.status != 401 && response.status != 403) {
            error.vendorAnswer = VendorAnswer(
                status: response.status, contentType: response.headers.first("content-type") ?? "text/plain",
                body: body)
        }
        var failure = AttemptFailure(error, isWorthRetrying: RetryPlan.isWorthRetrying(response.status))
        if response.headers.first("retry-after") != nil {
            failure.wantsPauseMilliseconds = UInt64(error.retryAfterSeconds ?? 0) * 1_000
        }
        return failure
    }

    /// The last of several attempts may take as long as any call.
    private func deadlines(_ order: VendorOrder, isLast: Bool) -> RequestDeadlines {
        // One that is alone is not the last of several.
        let isFree = isLast && order.plan.maximumAttempts > 1
        guard !isFree, let timeout = order.plan.timeoutMilliseconds else { return limits.deadlines }
        var deadlines = limits.deadlines
        deadlines.firstByteMilliseconds = min(timeout, deadlines.firstByteMilliseconds)
        return deadlines
    }
}
