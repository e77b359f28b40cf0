import Domain
import DynamicRouting
import Governance
import HTTPCore
import JSON
import Pipeline

/// Takes a request along a dynamic route: the route says what is next, this does it.
extension GatewayEngine {
    func routed(
        _ name: String, _ position: Int, _ request: GatewayRequest, _ gateway: LiveGateway, on lane: Lane
    ) async -> GatewayOutcome {
        guard let route = gateway.routes[name] else {
            let error = GatewayError(
                .modelNotFound, "This gateway has no route `\(String(name.unicodeScalars.prefix(64)))` in force.",
                param: "model")
            return .refused(error, StepRun(self, request, gateway, position: position).refused(before: error))
        }
        var run = RouteRun(engine: self, request: request, gateway: gateway, route: route, position: position)
        return await run.outcome(on: lane)
    }
}

private struct RouteRun {
    let engine: GatewayEngine
    let request: GatewayRequest
    let gateway: LiveGateway
    let route: LiveRoute
    let position: Int
    private var lastAnswer: GatewayOutcome?
    private var lastRefusal: GatewayOutcome?
    /// What is held against limits on costs that the way has passed.
    private var holds: [SpendUse] = []

    init(engine: GatewayEngine, request: GatewayRequest, gateway: LiveGateway, route: LiveRoute, position: Int) {
        self.engine = engine
        self.request = request
        self.gateway = gateway
        self.route = route
        self.position = position
    }

    private var step: GatewayStep { request.steps[position] }
    private var controls: GatewayControls { step.controls.over(request.controls) }

    mutating func outcome(on lane: Lane) async -> GatewayOutcome {
        var walk = RouteWalk(route.graph, draw: UInt64.random(in: .min ... .max))
        let facts = facts()
        while true {
            switch walk.next(facts) {
            case .call(let model): walk.report(await call(model, on: lane))
            case .checkRate(let question): walk.report(check(question))
            case .end(let ending): return end(ending)
            }
        }
    }

    private func facts() -> RouteFacts {
        let (headers, body) = (request.headers, step.body)
        return RouteFacts(
            model: GatewayEngine.routePrefix + route.name, metadata: controls.metadata ?? CallMetadata(),
            header: { name in headers.pairs.first { $0.name.lowercased() == name.lowercased() }?.value },
            body: { try? JSONScanner().value(body) })
    }

    // MARK: Calls

    private mutating func call(_ model: ModelStep, on lane: Lane) async -> StepOutcome {
        var step = step
        step.target = .model("\(model.provider)/\(model.model)", .chat)
        if let timeout = model.timeoutMilliseconds { step.controls.timeoutMilliseconds = UInt64(timeout) }
        if let retries = model.retries { step.controls.maximumAttempts = retries + 1 }
        // Only the last answer can be sent on while it comes in; all before it must be whole to be judged.
        if !model.isAnswer { step.body = WholeAnswer.asked(of: step.body, scanner: lane.scanner) }
        var run = StepRun(engine, request, gateway, position: position, instead: step, spending: holds)
        holds = []
        let outcome = await run.outcome(on: lane)
        switch outcome {
        case .answered:
            lastAnswer = outcome
            return .succeeded
        case .refused:
            lastRefusal = outcome
            return .failed
        }
    }

    // MARK: Limits

    private mutating func check(_ question: RateQuestion) -> StepOutcome {
        let place = GatewayPlace(account: gateway.settings.account, gateway: gateway.settings.id)
        let meter = MeterID.element(question.elementID, ofRoute: route.routeID, in: place)
        switch question.limit {
        case .count(let limit):
            let verdict = engine.tools.counters.count(
                meter, key: question.keyValue, limit: limit, windowSeconds: question.windowSeconds,
                at: engine.clock.now())
            return verdict == .allowed ? .allowed : .exceeded
        case .cost(let limit):
            do throws(CostExceeded) {
                let hold = try engine.tools.counters.hold(
                    meter, key: question.keyValue, limit: limit, windowSeconds: question.windowSeconds,
                    estimate: .zero, at: engine.clock.now())
                holds.append(SpendUse(hold, clock: engine.clock))
                return .allowed
            } catch {
                return .exceeded
            }
        }
    }

    // MARK: The end

    private func end(_ ending: RouteEnding) -> GatewayOutcome {
        switch ending {
        case .lastSuccess: lastAnswer ?? unanswered("The route ended without an answer.")
        case .lastError: lastRefusal ?? unanswered("The route ended without an answer.")
        case .limited:
            unanswered(
                "Rate limited: a limit of the route `\(route.name)` is reached, and it has nothing to fall back on.",
                .gatewayRate)
        case .unanswered: unanswered("The route `\(route.name)` led to no model for this request.")
        }
    }

    private func unanswered(_ text: String, _ reason: ErrorReason = .objectNotFound) -> GatewayOutcome {
        let error = GatewayError(reason, text)
        return .refused(error, StepRun(engine, request, gateway, position: position).refused(before: error))
    }
}
