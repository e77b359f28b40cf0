import EventLoop
public import HTTPClient
import Synchronization
public import Telemetry

/// Sends spans to where gateways want them, apart from the requests they tell of: whoever submits never waits, and
/// what cannot be sent is let go and counted.
///
/// ``run()`` is one task on the client's loop. It lasts until ``shutdown(withinMilliseconds:)``.
public final class SpanExporter: Sendable {
    /// Suspends for so many milliseconds, or until the task is cancelled.
    public typealias Sleep = @Sendable (_ milliseconds: UInt64) async -> Void

    private let client: HTTPClient
    private let service: String
    private let version: String
    private let logger: Logger
    private let bounds: ExporterBounds
    private let sleep: Sleep
    private let state: Mutex<ExporterState>
    /// Where ``run()`` waits; rung on the client's loop only.
    private let bell = Parking<Void>()

    /// - Parameters:
    ///   - client: The exporter runs on its loop. It is the owner's, who closes it when ``run()`` has returned.
    ///   - service: What spans are said to come from.
    ///   - sleep: The clock; the loop's own unless a test has another.
    public init(
        client: HTTPClient, service: String = "aigateway", version: String, logger: Logger,
        bounds: ExporterBounds = ExporterBounds(), sleep: Sleep? = nil
    ) {
        self.client = client
        self.service = service
        self.version = version
        self.logger = logger
        self.bounds = bounds
        let loop = client.loop
        self.sleep = sleep ?? { await loop.sleep(milliseconds: $0) }
        state = Mutex(ExporterState(bounds: bounds))
    }

    /// Takes a span for each destination. From any thread; never waits.
    public func submit(_ span: GatewaySpan, to destinations: [OTLPDestination]) {
        guard !destinations.isEmpty else { return }
        let isWhole = state.withLock { state in
            guard !state.isOver else { return false }
            var isWhole = false
            for destination in destinations where state.queue.add(span, to: destination) { isWhole = true }
            return isWhole
        }
        if isWhole { ring() }
    }

    /// Makes ``run()`` send what waits and return, at the latest after that time.
    public func shutdown(withinMilliseconds limit: UInt64) {
        state.withLock { $0.shutdownMilliseconds = min($0.shutdownMilliseconds ?? limit, limit) }
        ring()
    }

    /// Sends until ``shutdown(withinMilliseconds:)``, or until its task is cancelled, which is a shutdown at once.
    public func run() async {
        client.loop.requireOnLoop()
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.tick() }
                await self.serve(&group)
                group.cancelAll()
            }
        } onCancel: {
            shutdown(withinMilliseconds: 0)
        }
        report()
    }

    // MARK: The running task

    private func serve(_ group: inout DiscardingTaskGroup) async {
        var isEnding = false
        while true {
            let step = state.withLock { $0.next() }
            for batch in step.batches {
                group.addTask {
                    await self.deliver(batch)
                    self.state.withLock { $0.queue.ended(batch.destination) }
                    self.bell.resume(())
                }
            }
            if step.isOver { return }
            if let limit = step.shutdownMilliseconds, !isEnding {
                isEnding = true
                group.addTask { await self.end(after: limit) }
            }
            await bell.park()
        }
    }

    private func tick() async {
        var sinceReport: UInt64 = 0
        while true {
            await sleep(bounds.intervalMilliseconds)
            guard !Task.isCancelled else { return }
            state.withLock { $0.mayFlush = true }
            bell.resume(())
            sinceReport += bounds.intervalMilliseconds
            guard sinceReport >= bounds.reportMilliseconds else { continue }
            sinceReport = 0
            report()
        }
    }

    private func end(after limit: UInt64) async {
        if limit > 0 { await sleep(limit) }
        state.withLock { $0.isTimeUp = true }
        bell.resume(())
    }

    private func deliver(_ batch: SpanQueue.Batch) async {
        let spans = SpanBatch(service: service, version: version, spans: batch.spans)
        let body = batch.destination.contentType == .json ? spans.json() : spans.protobuf()
        let delivery = SpanDelivery(client: client, bounds: bounds, destination: batch.destination, body: body)
        var backoff = bounds.backoffMilliseconds
        var attempts = 0
        while true {
            let outcome = await delivery.send()
            attempts += 1
            switch outcome {
            case .delivered:
                return
            case .mayPass(_, let wanted) where attempts <= bounds.retries && !Task.isCancelled:
                await sleep(min(max(backoff, wanted ?? 0), bounds.maximumBackoffMilliseconds))
                backoff = min(backoff * 2, bounds.maximumBackoffMilliseconds)
            case .mayPass(let reason, _), .refused(let reason):
                state.withLock {
                    $0.losses.add(failed: batch.spans.count, host: batch.destination.host, reason: reason)
                }
                return
            }
        }
    }

    /// Wakes the running task, from any thread.
    private func ring() {
        client.loop.execute { [bell] in bell.resume(()) }
    }

    private func report() {
        let losses = state.withLock { $0.takeLosses() }
        guard !losses.isEmpty else { return }
        logger.warning("spans were not exported", losses.fields)
    }
}
