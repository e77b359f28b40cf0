public import Domain
import Governance
public import Pipeline
public import Telemetry

/// The one way of every call through a named gateway.
public protocol GatewayRunning: Sendable {
    func run(_ request: GatewayRequest, on lane: Lane) async -> GatewayOutcome
}

/// Finds the gateway, holds its callers to its limits, and tries the steps of a request until one is answered.
public final class GatewayEngine: GatewayRunning {
    let pipeline: Pipeline
    let book: any GatewayBook
    let logs: any GatewayLogStore
    let tools: GatewayTools
    let clock: any WallClock
    let log: Logger

    public init(
        pipeline: Pipeline, book: any GatewayBook, logs: any GatewayLogStore, tools: GatewayTools,
        clock: any WallClock, log: Logger
    ) {
        self.pipeline = pipeline
        self.book = book
        self.logs = logs
        self.tools = tools
        self.clock = clock
        self.log = log
    }

    public func run(_ request: GatewayRequest, on lane: Lane) async -> GatewayOutcome {
        let gateway: LiveGateway
        do throws(GatewayError) {
            gateway = try await self.gateway(of: request)
        } catch {
            return .refused(error, GatewayFacts())
        }
        do throws(GatewayError) {
            try letIn(request, to: gateway)
        } catch {
            return .refused(error, logged(refusal: error, of: request, gateway))
        }
        return await firstAnswer(request, gateway, on: lane)
    }

    // MARK: Before the steps

    private func gateway(of request: GatewayRequest) async throws(GatewayError) -> LiveGateway {
        guard let id = request.gateway else { return LiveGateway.none(of: request.account.id) }
        if let found = book.gateway(id, of: request.account.id) { return found }
        guard id == GatewaySettings.defaultID, request.principal != nil else {
            throw GatewayError(
                .gatewayNotFound,
                "There is no gateway `\(String(id.rawValue.unicodeScalars.prefix(64)))`. Only `default` is made when it "
                    + "is first used; make others under /ai-gateway/gateways.", param: "gateway")
        }
        return try await book.makeDefault(for: request.account.id)
    }

    private func letIn(_ request: GatewayRequest, to gateway: LiveGateway) throws(GatewayError) {
        guard request.principal != nil || !gateway.settings.requiresKey else {
            throw GatewayError(
                .gatewayKeyNeeded,
                "Unauthorized: send a key of this gateway in `cf-aig-authorization: Bearer sk-aig-…`.")
        }
        guard !gateway.isUnreadable else {
            throw GatewayError(
                .internalError,
                "A part of this gateway's definition cannot be read, so no call is let through. Write it again.")
        }
        guard let limit = gateway.settings.rateLimit else { return }
        let place = GatewayPlace(account: gateway.settings.account, gateway: gateway.settings.id)
        if case .refused(let seconds) = tools.rates.admit(place, limit, at: clock.now()) {
            throw GatewayError(
                .gatewayRate,
                "Rate limited: this gateway allows \(limit.limit) requests in \(limit.intervalSeconds) seconds.",
                retryAfterSeconds: seconds)
        }
    }

    private func logged(
        refusal error: GatewayError, of request: GatewayRequest, _ gateway: LiveGateway
    ) -> GatewayFacts {
        let run = StepRun(self, request, gateway, position: 0)
        return run.refused(before: error)
    }

    /// What is off stays unwritten, and so does what would be too much where nothing old may go.
    func writesLog(of gateway: LiveGateway, _ controls: GatewayControls) -> Bool {
        let settings = gateway.settings
        guard controls.collectLog ?? settings.collectsLogs, !settings.id.rawValue.isEmpty else { return false }
        guard settings.logStrategy == .stopInserting, let most = settings.logCapacity else { return true }
        return logs.count(account: settings.account, gateway: settings.id) < most
    }

    // MARK: The steps

    /// The first success wins; if there is none, the last failure is told.
    private func firstAnswer(
        _ request: GatewayRequest, _ gateway: LiveGateway, on lane: Lane
    ) async -> GatewayOutcome {
        var last = GatewayOutcome.refused(
            GatewayError(.invalidBody, "There is no step to try."), GatewayFacts())
        for position in request.steps.indices {
            let outcome = await outcome(ofStep: position, of: request, gateway, on: lane)
            switch outcome {
            case .answered: return outcome
            case .refused(let error, _):
                last = outcome
                guard error.reason.letsNextStepTry else { return outcome }
            }
        }
        return last
    }

    private func outcome(
        ofStep position: Int, of request: GatewayRequest, _ gateway: LiveGateway, on lane: Lane
    ) async -> GatewayOutcome {
        if case .model(let name, .chat) = request.steps[position].target, name.hasPrefix(Self.routePrefix) {
            return await routed(String(name.dropFirst(Self.routePrefix.count)), position, request, gateway, on: lane)
        }
        var run = StepRun(self, request, gateway, position: position)
        return await run.outcome(on: lane)
    }

    static let routePrefix = "dynamic/"
}

extension ErrorReason {
    /// Whether another provider may do better. Nobody is asked again who left, or whose words were held back.
    fileprivate var letsNextStepTry: Bool {
        switch self {
        case .clientClosed, .promptBlocked, .answerBlocked, .promptWithheld, .answerWithheld, .scannerUnavailable,
            .recordFailed:
            false
        default: true
        }
    }
}

extension LiveGateway {
    /// For calls through no gateway: nothing is kept, limited or logged.
    static func none(of account: AccountID) -> LiveGateway {
        var settings = GatewaySettings(account: account, id: GatewayID(""), createdAt: Timestamp(seconds: 0))
        settings.collectsLogs = false
        return LiveGateway(settings)
    }
}
