import Domain
import EventLoop
import JSON
import NamedGateways
public import Pipeline

/// Runs that nobody waits for: each is reported once, to an address its caller named, when it is over.
public final class BackgroundRuns: Sendable {
    /// Sends one POST of JSON. Its failure is nobody's news. Called on the lane's loop.
    public typealias Deliver = @Sendable (_ to: WebhookAddress, _ body: [UInt8], _ lane: Lane) async -> Void

    private let work: LaterWork
    private let deliver: Deliver
    let allowsPrivate: Bool

    /// - Parameter allowsPrivate: Whether reports may go to private networks.
    public init(_ work: LaterWork = LaterWork(), allowsPrivate: Bool = false, deliver: @escaping Deliver) {
        self.work = work
        self.allowsPrivate = allowsPrivate
        self.deliver = deliver
    }

    /// What a caller wants of such a run.
    struct Order: Sendable {
        var address: WebhookAddress?
        /// `{"text":…}` for chat rooms instead of the report itself.
        var isForChat = false
    }

    /// Queues the run and returns its name.
    func start(
        _ inference: Inference, _ order: Order, model: String, engine: any GatewayRunning, on lane: Lane
    ) throws(GatewayError) -> String {
        let id = RunNames.make("run_")
        let bytes = inference.request.steps.reduce(0) { $0 + $1.body.count }
        let deliver = deliver
        try work.start(for: inference.request.account.id, bytes: bytes, on: lane.loop) {
            let outcome = await WholeOutcome(of: inference, engine: engine, on: lane)
            guard let address = order.address else { return }
            let report = Self.report(id, model, outcome, lane.scanner)
            let body: JSONValue = order.isForChat ? ["text": .string(PrettyJSON.text(report))] : report
            await deliver(address, body.serialized(), lane)
        }
        return id
    }

    static func report(_ id: String, _ model: String, _ outcome: WholeOutcome, _ scanner: JSONScanner) -> JSONValue {
        var report: JSONObject = ["id": .string(id)]
        switch outcome.result {
        case .success(let bytes):
            // What was asked for may be no JSON: sound, a picture.
            let result = (try? scanner.value(bytes)) ?? .null
            report.append("state", "Completed")
            report.append("result", result)
            report.append("error", nil)
            report.append("usage", result["usage"] ?? nil)
        case .failure(let error):
            report.append("state", "Failed")
            report.append("result", nil)
            report.append(
                "error",
                [
                    "code": .int(CloudflareError.code(of: error.reason, about: outcome.subject)),
                    "message": .string(error.message),
                ])
            report.append("usage", nil)
        }
        report.append("provider", outcome.facts.provider.map { .string($0) } ?? nil)
        report.append("model", .string(model))
        return .object(report)
    }

    /// Takes nothing more, and waits for what runs.
    public func stop() async {
        await work.stop()
    }
}

/// What became of a call whose answer is kept, not sent.
struct WholeOutcome: Sendable {
    let result: Result<[UInt8], GatewayError>
    let facts: GatewayFacts
    let subject: CloudflareError.Subject

    init(of inference: Inference, engine: any GatewayRunning, on lane: Lane) async {
        subject = inference.subject
        switch await engine.run(inference.request, on: lane) {
        case .refused(let error, let facts):
            result = .failure(error)
            self.facts = facts
        case .answered(let answer, let facts):
            self.facts = facts
            switch answer.body {
            case .whole(let bytes):
                do throws(GatewayError) {
                    result = .success(try inference.shape.whole(answer, bytes, facts, lane.scanner))
                } catch {
                    result = .failure(error)
                }
            case .stream(let stream):
                await stream.clientLeft()
                result = .failure(GatewayError(.invalidValue, "A stream cannot be kept.", param: "stream"))
            }
        }
    }
}
