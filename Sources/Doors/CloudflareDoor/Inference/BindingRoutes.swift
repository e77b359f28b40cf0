import Domain
import HTTPCore
import HTTPServer
import JSON
import NamedGateways
import Pipeline
import Routing

/// `/binding/…`: what the binding `env.AI` sends.
struct BindingRoutes: Sendable {
    let desk: InferenceDesk
    let runs: RunReader
    let batches: BatchReader
    let address: GatewayAddress
    let hooks: BindingHooks

    var routes: [CloudflareRoute] {
        [
            .infer("*", "/binding/run", on: .binding) { call, responder in
                await run(call, needsGateway: false, responder)
            },
            .infer("*", "/binding/ai-gateway/run", on: .binding) { call, responder in
                await run(call, needsGateway: true, responder)
            },
            .infer("POST", "/binding/ai-gateway/universal/run/{gateway}", on: .binding) { call, responder in
                await universal(call, responder)
            },
            .infer("GET", "/binding/ai-gateway/gateways/{gateway}/url/{provider}", on: .binding) {
                call, responder in
                responder.send(url(call))
            },
        ] + hooked
    }

    private var hooked: [CloudflareRoute] {
        var routes: [CloudflareRoute] = []
        if let search = hooks.searchModels {
            routes.append(
                .manage("GET", "/binding/ai-api/models/search", least: .keyOnly, on: .binding, search))
        }
        if let read = hooks.readLog {
            routes.append(
                .manage("GET", "/binding/ai-gateway/gateways/{gateway}/logs/{log}", least: .keyOnly, on: .binding) {
                    call throws(GatewayError) in
                    try await read(call, try GatewayChoice.checked(call.parts["gateway"]), LogID(call.parts["log"]))
                })
        }
        if let change = hooks.changeLog {
            routes.append(
                .manage("PATCH", "/binding/ai-gateway/gateways/{gateway}/logs/{log}", least: .keyOnly, on: .binding) {
                    call throws(GatewayError) in
                    try await change(call, try GatewayChoice.checked(call.parts["gateway"]), LogID(call.parts["log"]))
                })
        }
        return routes
    }

    // MARK: Runs

    private func run(_ call: CloudflareCall, needsGateway: Bool, _ responder: consuming HTTPResponder) async {
        if let refusal = refused(call) { return responder.send(refusal) }
        let lane = desk.lanes.lane(of: call.request.loop)
        let body: BindingBody
        let origin: RunReader.Origin
        do throws(GatewayError) {
            body = try BindingBody(call, runs.limits, lane.scanner)
            origin = try self.origin(call, body, needsGateway: needsGateway)
            if body.isBatch { return responder.send(try batch(call, body, origin, lane)) }
        } catch {
            return responder.send(desk.refusal(error, call, .binding))
        }
        await desk.answer(call, .binding, responder) { lane throws(GatewayError) in
            var inference = runs.inference(body.model, body.inputs, origin, lane.scanner)
            inference.rejectsIfBusy = body.rejectsIfBusy
            return inference
        }
    }

    private func origin(
        _ call: CloudflareCall, _ body: BindingBody, needsGateway: Bool
    ) throws(GatewayError) -> RunReader.Origin {
        let owner = try call.owner
        guard body.gateway != nil || !needsGateway else {
            throw GatewayError(
                .missingField, "`options.gateway.id` is missing; it must be a string.", param: "options.gateway.id")
        }
        return RunReader.Origin(
            call: call, account: owner.account, principal: owner.principal,
            gateway: try GatewayChoice.gateway(named: body.gateway, model: body.model),
            controls: body.controls.over(try GatewayControls(headers: call.request.headers)),
            path: call.request.path)
    }

    private func batch(
        _ call: CloudflareCall, _ body: BindingBody, _ origin: RunReader.Origin, _ lane: Lane
    ) throws(GatewayError) -> HTTPResponse {
        let inputs = try RequestBody(body.inputs, scanner: lane.scanner, depth: runs.limits.jsonDepth)
        let answer = try batches.answer(inputs, model: body.model, origin, on: lane)
        return HTTPResponse(
            status: 200,
            headers: AnswerHeaders.head(
                "application/json", call, AnswerHeaders.fields(of: GatewayFacts(), for: call)),
            body: answer.serialized())
    }

    // MARK: Gateways

    /// Its caller gets the answer as it is, whatever it is, so errors are those of the gateway host.
    private func universal(_ call: CloudflareCall, _ responder: consuming HTTPResponder) async {
        await desk.answer(call, .host, responder) { lane throws(GatewayError) in
            let owner = try call.owner
            let read = try UniversalSteps(runs: runs).read(call.request.body, lane.scanner)
            let origin = RunReader.Origin(
                call: call, account: owner.account, principal: owner.principal,
                gateway: try GatewayChoice.checked(call.parts["gateway"]),
                controls: try GatewayControls(headers: call.request.headers), path: "universal")
            var request = runs.request(origin, read.steps, .native)
            request.isUniversal = true
            return Inference(request: request, shape: .steps(read.conversions), subject: .input)
        }
    }

    private func url(_ call: CloudflareCall) -> HTTPResponse {
        do throws(GatewayError) {
            let url = address.url(
                try call.owner.account.id, try GatewayChoice.checked(call.parts["gateway"]),
                provider: call.parts["provider"])
            return CloudflareReply.result(["url": .string(url)]).response(call.requestID)
        } catch {
            return desk.refusal(error, call, .binding)
        }
    }

    // MARK: What is not served

    private func refused(_ call: CloudflareCall) -> HTTPResponse? {
        if call.request.headers.first("upgrade")?.lowercased().contains("websocket") == true {
            return SocketRefusal.response(desk, call, .binding)
        }
        guard call.request.method == "POST" else {
            var response = desk.refusal(
                GatewayError(.methodNotAllowed, "This method is not possible here. Use POST."), call, .binding)
            response.headers.append("Allow", "POST")
            return response
        }
        guard call.query.first("userInputs") == nil else {
            return desk.refusal(
                GatewayError(
                    .invalidValue, "Inputs that are streams or forms are not taken here. Send them as values.",
                    param: "userInputs"), call, .binding)
        }
        return nil
    }
}
