import Dialects
import Domain
import Guards
import Pipeline

/// One step on its way: looked up, kept to the gateway's rules, called, looked at, kept and logged.
struct StepRun {
    let engine: GatewayEngine
    let call: GatewayRequest
    let gateway: LiveGateway
    var step: GatewayStep
    let controls: GatewayControls
    var log: StepLog
    var facts = GatewayFacts()
    /// What was found in the request and in its answer.
    var dlp: [DLPFindings] = []
    /// Held against limits that the step counts for.
    private var spending: [SpendUse]

    init(
        _ engine: GatewayEngine, _ call: GatewayRequest, _ gateway: LiveGateway, position: Int,
        instead step: GatewayStep? = nil, spending: [SpendUse] = []
    ) {
        self.engine = engine
        self.call = call
        self.gateway = gateway
        self.spending = spending
        let step = step ?? call.steps[position]
        self.step = step
        controls = step.controls.over(call.controls)
        let (provider, model) = step.target.names
        log = StepLog(
            call, gateway.settings.id, step: call.isUniversal ? position : nil, body: step.body, provider: provider,
            model: model, controls: controls, isWritten: engine.writesLog(of: gateway, controls), store: engine.logs)
        facts.eventID = controls.eventID
        facts.step = call.isUniversal ? position : nil
        facts.logID = log.id
        facts.provider = provider
        facts.model = model
    }

    mutating func outcome(on lane: Lane) async -> GatewayOutcome {
        do throws(GatewayError) {
            return try await answered(on: lane)
        } catch {
            for hold in spending { hold.release() }
            return .refused(error, refused(before: error))
        }
    }

    /// Logs a refusal, and says what is known of the step.
    func refused(before error: GatewayError) -> GatewayFacts {
        let entry = log.write(
            failed: error, status: error.vendorAnswer?.status ?? error.reason.status, body: error.vendorAnswer?.body)
        tell(entry, nil)
        return facts
    }

    // MARK: The order of things

    private mutating func answered(on lane: Lane) async throws(GatewayError) -> GatewayOutcome {
        var target = try engine.target(of: step, call, on: lane)
        log.note(model: target.model, provider: target.provider, type: target.modelType)
        (facts.provider, facts.model) = (target.provider, target.model)
        let cache = CacheUse(
            engine.tools.cache, step, target, call, gateway, controls,
            wantsStream: WholeAnswer.wantsStream(step.body, scanner: lane.scanner), clock: engine.clock)
        // An answer from the cache is no way around what a key may use.
        if let model = target.listed { try call.principal?.check(mayUse: model) }
        if let hit = cache?.hit() { return answered(from: hit) }
        facts.cacheStatus = cache?.isRead == true ? .miss : nil
        try await screenRequest(step.body)
        // On the run's surface streams go out as they come, and are judged when they are over.
        let holdsBack = gateway.holdsAnswersBack && call.kind != .run
        if holdsBack {
            step.body = WholeAnswer.asked(of: step.body, scanner: lane.scanner)
            // It holds what goes to the vendor.
            target = try engine.target(of: step, call, on: lane)
        }
        let orders = try engine.orders(for: target, step, call, gateway, controls)
        if let hold = try engine.spendHold(for: target, step, gateway, controls) { spending.append(hold) }
        let reply = try await engine.send(step, target, call, gateway, orders, on: lane)
        note(reply.route)
        switch reply.body {
        case .whole(let body, let bill): return try await whole(reply, body, bill, cache)
        case .stream(let stream):
            guard holdsBack else { return streamed(reply, stream, cache) }
            // Some vendors are asked for streams by their paths.
            let body = try await StreamCollection.whole(stream)
            return try await whole(reply, body, stream.bill, nil)
        }
    }

    private mutating func note(_ route: RouteTaken) {
        log.note(route)
        facts.keySource = route.isOnOwnKey ? .own : .unified
        facts.rates = route.rates
        facts.isSandbox = route.isSandbox
        facts.warning = route.warning
    }

    private mutating func answered(from hit: KeptAnswer) -> GatewayOutcome {
        log.noteHit(isOnOwnKey: hit.isOnOwnKey)
        facts.cacheStatus = .hit
        facts.cost = .zero
        facts.keySource = hit.isOnOwnKey ? .own : .unified
        facts.isSandbox = hit.isSandbox
        tell(
            log.write(
                answered: hit.status, contentType: hit.contentType, body: hit.body, size: hit.body.count,
                isStream: hit.isStream), nil)
        let body: GatewayAnswer.Body = hit.isStream ? .stream(ReplayedStream(hit.body)) : .whole(hit.body)
        return .answered(
            GatewayAnswer(status: hit.status, contentType: hit.contentType, headers: hit.headers, body: body), facts)
    }

    // MARK: Answers

    private mutating func whole(
        _ reply: StepReply, _ body: [UInt8], _ bill: CallBill?, _ cache: CacheUse?
    ) async throws(GatewayError) -> GatewayOutcome {
        log.note(bill, custom: controls.customCost)
        facts.cost = bill?.cost
        for hold in spending { hold.settle(bill) }
        try await screenAnswer(body)
        cache?.keep(reply, body, isStream: false)
        tell(
            log.write(
                answered: reply.status, contentType: reply.contentType, body: body, size: body.count, isStream: false),
            body)
        return .answered(
            GatewayAnswer(
                status: reply.status, contentType: reply.contentType, headers: reply.headers, body: .whole(body)),
            facts)
    }

    private func streamed(
        _ reply: StepReply, _ stream: any ProviderStream, _ cache: CacheUse?
    ) -> GatewayOutcome {
        let keeps =
            log.keepsBodies || cache?.keepsStreams == true || gateway.holdsAnswersBack
            || engine.tools.observer.wantsBodies(of: gateway)
        let logged = LoggedStream(stream, keeps: keeps) { [self] end in await finish(reply, end, cache) }
        return .answered(
            GatewayAnswer(
                status: reply.status, contentType: reply.contentType, headers: reply.headers, body: .stream(logged)),
            facts)
    }

    private func finish(_ reply: StepReply, _ end: LoggedStream.End, _ cache: CacheUse?) async {
        var log = log
        log.note(end.bill, custom: controls.customCost)
        for hold in spending { hold.settle(end.bill) }
        if let error = end.error {
            return tell(log.write(failed: error, status: reply.status, body: end.body), end.body, isStream: true)
        }
        if end.isWhole { cache?.keep(reply, end.body, isStream: true) }
        if let found = gateway.inspector?.check(end.body, side: .response), let action = found.action {
            log.note(dlpAction: action.rawValue, findings: DLPFindings.header(dlp + [found]) ?? "")
        }
        let hazards = await hazards(in: end.body)
        if !hazards.isEmpty { log.note(flagged: hazards) }
        tell(
            log.write(
                answered: reply.status, contentType: reply.contentType, body: end.body, size: end.size, isStream: true),
            end.body, isStream: true)
    }

    private func tell(_ entry: GatewayLogEntry, _ answer: [UInt8]?, isStream: Bool = false) {
        engine.tools.observer.finished(
            entry, bodies: LogBodies(request: step.body, response: answer, isResponseStream: isStream),
            gateway: gateway, controls: controls)
    }
}

extension GatewayStep.Target {
    /// As they were asked for, for what fails before they are understood.
    var names: (provider: String, model: String) {
        switch self {
        case .model(let name, _): (name.split(separator: "/").first.map(String.init) ?? "", name)
        case .native(let provider, _, _): (provider, provider)
        }
    }
}
