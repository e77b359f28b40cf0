import Domain
import EventLoop
import JSON
import NamedGateways
import Pipeline
import Synchronization

/// Several inputs run one after the other while nobody waits. Results are kept in memory for a while, and asked for.
public final class BatchRuns: Sendable {
    public struct Limits: Sendable {
        /// Inputs of one batch, and their bytes together.
        public var inputs = 100
        public var bodyBytes = 10_000_000
        /// Results of all batches together; the oldest go first.
        public var resultBytes = 64 << 20
        /// How long results are kept.
        public var keptSeconds: UInt64 = 3_600
        /// Batches known at once, those whose results are kept included.
        public var batches = 1_000

        public init() {}
    }

    enum Standing: Hashable, Sendable {
        case queued, running
        /// The answer to whoever asks.
        case done([UInt8])
    }

    private struct Batch {
        let account: AccountID
        let model: String
        var standing = Standing.queued
        /// Nanoseconds of the monotonic clock, when it was last changed.
        var changedAt: UInt64

        var resultBytes: Int {
            if case .done(let bytes) = standing { bytes.count } else { 0 }
        }
    }

    private struct State {
        var batches: [String: Batch] = [:]
        /// Those that are done, the oldest first.
        var done: [String] = []
        var resultBytes = 0
    }

    let limits: Limits
    private let work: LaterWork
    private let state = Mutex(State())

    public init(_ limits: Limits = Limits(), work: LaterWork = LaterWork()) {
        self.limits = limits
        self.work = work
    }

    /// One input of a batch.
    struct Item: Sendable {
        var inference: Inference
        /// As JSON; given back with the result.
        var reference: JSONValue?
    }

    func submit(
        _ items: [Item], model: String, account: AccountID, at now: UInt64, engine: any GatewayRunning,
        on lane: Lane
    ) throws(GatewayError) -> String {
        let id = RunNames.make("batch_")
        let isAdmitted = state.withLock { state in
            forgetOld(&state, now)
            guard state.batches.count < limits.batches else { return false }
            state.batches[id] = Batch(account: account, model: model, changedAt: now)
            return true
        }
        guard isAdmitted else {
            throw GatewayError(
                .noCapacity, "Too many batches are kept already. Try again later.", retryAfterSeconds: 60)
        }
        let bytes = items.reduce(0) { $0 + $1.inference.request.steps.reduce(0) { $0 + $1.body.count } }
        do {
            try work.start(for: account, bytes: bytes, on: lane.loop) { [self] in
                state.withLock { $0.batches[id]?.standing = .running }
                let answer = await BatchAnswer.collect(items, engine: engine, on: lane)
                finish(id, with: answer.serialized())
            }
        } catch {
            state.withLock { $0.batches[id] = nil }
            throw error
        }
        return id
    }

    /// How a batch stands; nil when that account has none of that name for that model, or has it no more.
    func standing(of id: String, model: String, account: AccountID, at now: UInt64) -> Standing? {
        state.withLock { state in
            forgetOld(&state, now)
            guard let batch = state.batches[id], batch.account == account, batch.model == model else { return nil }
            return batch.standing
        }
    }

    private func finish(_ id: String, with answer: [UInt8]) {
        state.withLock { state in
            guard state.batches[id] != nil else { return }
            state.batches[id]?.standing = .done(answer)
            state.done.append(id)
            state.resultBytes += answer.count
            // The one that was just done stays, however long it is.
            while state.resultBytes > limits.resultBytes, state.done.count > 1 { forgetOldest(&state) }
        }
    }

    /// Counted from when it was asked for: batches are short against the time they are kept.
    private func forgetOld(_ state: inout State, _ now: UInt64) {
        let kept = limits.keptSeconds * 1_000_000_000
        while let oldest = state.done.first, let batch = state.batches[oldest], now > batch.changedAt + kept {
            forgetOldest(&state)
        }
    }

    private func forgetOldest(_ state: inout State) {
        guard !state.done.isEmpty else { return }
        let batch = state.batches.removeValue(forKey: state.done.removeFirst())
        state.resultBytes -= batch?.resultBytes ?? 0
    }

    /// Takes nothing more, and waits for what runs.
    public func stop() async {
        await work.stop()
    }
}

/// What a batch came to.
enum BatchAnswer {
    static func collect(_ items: [BatchRuns.Item], engine: any GatewayRunning, on lane: Lane) async -> JSONValue {
        var responses: [JSONValue] = []
        var usage = Usage()
        for (position, item) in items.enumerated() {
            guard !Task.isCancelled else { break }
            let outcome = await WholeOutcome(of: item.inference, engine: engine, on: lane)
            responses.append(response(position, outcome, item.reference, &usage, lane.scanner))
        }
        return ["responses": .array(responses), "usage": usage.json]
    }

    private static func response(
        _ position: Int, _ outcome: WholeOutcome, _ reference: JSONValue?, _ usage: inout Usage,
        _ scanner: JSONScanner
    ) -> JSONValue {
        var response: JSONObject = ["id": .int(position)]
        switch outcome.result {
        case .success(let bytes):
            let result = (try? scanner.value(bytes)) ?? .null
            usage.add(result["usage"])
            response.append("result", result)
            response.append("success", true)
        case .failure(let error):
            response.append("result", nil)
            response.append("success", false)
            response.append(
                "error",
                [
                    "code": .int(CloudflareError.code(of: error.reason, about: outcome.subject)),
                    "message": .string(error.message),
                ])
        }
        if let reference { response.append("external_reference", reference) }
        return .object(response)
    }

    private struct Usage {
        var prompt = 0
        var completion = 0
        var total = 0

        mutating func add(_ usage: JSONValue?) {
            prompt = Self.sum(prompt, usage?["prompt_tokens"])
            completion = Self.sum(completion, usage?["completion_tokens"])
            total = Self.sum(total, usage?["total_tokens"])
        }

        private static func sum(_ count: Int, _ more: JSONValue?) -> Int {
            let (sum, isTooLarge) = count.addingReportingOverflow(more?.intValue ?? 0)
            return isTooLarge ? .max : sum
        }

        var json: JSONValue {
            ["prompt_tokens": .int(prompt), "completion_tokens": .int(completion), "total_tokens": .int(total)]
        }
    }
}
