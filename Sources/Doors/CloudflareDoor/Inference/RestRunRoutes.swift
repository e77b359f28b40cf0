import Domain
import HTTPCore
import HTTPServer
import JSON
import NamedGateways
import Pipeline
import Routing

/// `…/ai/run`: a model's input, its name in the path or beside it.
struct RestRunRoutes: Sendable {
    let desk: InferenceDesk
    let runs: RunReader
    let batches: BatchReader
    let background: BackgroundRuns
    /// Whether the members of a result stand beside it in the envelope too.
    let copiesMembers: Bool

    var routes: [CloudflareRoute] {
        [
            .infer("POST", "/client/v4/accounts/{account}/ai/run", on: .rest) { call, responder in
                await named(call, responder)
            },
            .infer("POST", "/client/v4/accounts/{account}/ai/run/{model...}", on: .rest) { call, responder in
                await inPath(call, responder)
            },
        ]
    }

    private func origin(_ call: CloudflareCall, model: String) throws(GatewayError) -> RunReader.Origin {
        let owner = try call.owner
        return RunReader.Origin(
            call: call, account: owner.account, principal: owner.principal,
            gateway: try GatewayChoice.gateway(
                named: call.request.headers.first("cf-aig-gateway-id"), model: model),
            controls: try GatewayControls(headers: call.request.headers), path: call.request.path)
    }

    private func envelope(_ conversion: RunConversion) -> AnswerShape {
        .enveloped(conversion, copiesMembers: copiesMembers)
    }

    // MARK: The model in the path

    private func inPath(_ call: CloudflareCall, _ responder: consuming HTTPResponder) async {
        guard call.query.first("queueRequest")?.lowercased() != "true" else {
            return responder.send(batch(call))
        }
        await desk.answer(call, .rest, responder) { lane throws(GatewayError) in
            let model = try ModelName.checked(call.parts["model"], runs.limits)
            let origin = try origin(call, model: model)
            let body = try RequestBody(call.request.body, scanner: lane.scanner, depth: runs.limits.jsonDepth)
            let (input, rejectsIfBusy) = try withoutOptions(body, lane.scanner)
            var inference = runs.inference(model, input, origin, lane.scanner, envelope)
            inference.rejectsIfBusy = rejectsIfBusy
            return inference
        }
    }

    /// Options stand among the members of the input here. An input may have an `options` of its own, so they are told
    /// by what is in them.
    private func withoutOptions(
        _ body: RequestBody, _ scanner: JSONScanner
    ) throws(GatewayError) -> (input: [UInt8], rejectsIfBusy: Bool) {
        guard body.field("options")?.kind == .object, let options = try RunOptions.object(body, scanner),
            options["rejectIfBusy"] != nil
        else { return (body.bytes, false) }
        return (body.removing("options"), try RunOptions.rejectsIfBusy(options))
    }

    private func batch(_ call: CloudflareCall) -> HTTPResponse {
        let lane = desk.lanes.lane(of: call.request.loop)
        do throws(GatewayError) {
            let model = try ModelName.checked(call.parts["model"], runs.limits)
            let origin = try origin(call, model: model)
            let body = try RequestBody(call.request.body, scanner: lane.scanner, depth: runs.limits.jsonDepth)
            let answer = try batches.answer(body, model: model, origin, on: lane)
            return CloudflareReply.result(answer).response(call.requestID)
        } catch {
            return desk.refusal(error, call, .rest)
        }
    }

    // MARK: The model in the body

    private func named(_ call: CloudflareCall, _ responder: consuming HTTPResponder) async {
        let run: NamedRun
        do throws(GatewayError) {
            run = try NamedRun(call, runs.limits, desk.lanes.lane(of: call.request.loop).scanner, background)
        } catch {
            return responder.send(desk.refusal(error, call, .rest))
        }
        guard let order = run.order else {
            return await desk.answer(call, .rest, responder) { lane throws(GatewayError) in
                var inference = runs.inference(
                    run.model, run.input, try origin(call, model: run.model), lane.scanner, envelope)
                inference.rejectsIfBusy = run.rejectsIfBusy
                return inference
            }
        }
        responder.send(queued(run, order, call))
    }

    private func queued(_ run: NamedRun, _ order: BackgroundRuns.Order, _ call: CloudflareCall) -> HTTPResponse {
        let lane = desk.lanes.lane(of: call.request.loop)
        do throws(GatewayError) {
            var inference = runs.inference(
                run.model, run.input, try origin(call, model: run.model), lane.scanner)
            if let fault = inference.fault { return desk.refusal(fault, call, .rest, inference) }
            inference.rejectsIfBusy = run.rejectsIfBusy
            let id = try background.start(inference, order, model: run.model, engine: desk.engine, on: lane)
            let result: JSONValue = ["id": .string(id), "state": "Queued", "model": .string(run.model)]
            return CloudflareReply.result(result, status: 202).response(call.requestID)
        } catch {
            return desk.refusal(error, call, .rest)
        }
    }
}
