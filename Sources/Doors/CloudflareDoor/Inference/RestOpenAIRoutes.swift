import Catalogue
import Domain
import HTTPCore
import HTTPServer
import JSON
import NamedGateways
import Pipeline
import Providers
import Routing

/// `…/ai/v1/…`: OpenAI's wire, bare.
struct RestOpenAIRoutes: Sendable {
    let desk: InferenceDesk
    let runs: RunReader

    var routes: [CloudflareRoute] {
        [
            .infer("POST", "/client/v4/accounts/{account}/ai/v1/chat/completions", on: .rest) { call, responder in
                await answer(call, .chat, responder)
            },
            .infer("POST", "/client/v4/accounts/{account}/ai/v1/embeddings", on: .rest) { call, responder in
                await answer(call, .embeddings, responder)
            },
            .infer("POST", "/client/v4/accounts/{account}/ai/v1/responses", on: .rest) { call, responder in
                await answer(call, .responses, responder)
            },
            .infer("POST", "/client/v4/accounts/{account}/ai/v1/messages", on: .rest) { call, responder in
                await messages(call, responder)
            },
            .infer("GET", "/client/v4/accounts/{account}/ai/v1/models", on: .rest) { call, responder in
                responder.send(models(call))
            },
            .infer(
                "POST", "/client/v4/accounts/{account}/ai-gateway/inference/{gateway}/compat/chat/completions",
                on: .rest
            ) { call, responder in
                await playground(call, responder)
            },
        ]
    }

    private func answer(
        _ call: CloudflareCall, _ operation: GatewayStep.Operation, _ responder: consuming HTTPResponder
    ) async {
        await desk.answer(call, .openAI, responder) { lane throws(GatewayError) in
            let owner = try call.owner
            let body = try RequestBody(call.request.body, scanner: lane.scanner, depth: runs.limits.jsonDepth)
            let model = try body.model(runs.limits)
            let origin = RunReader.Origin(
                call: call, account: owner.account, principal: owner.principal,
                gateway: try GatewayChoice.gateway(
                    named: call.request.headers.first("cf-aig-gateway-id"), model: model),
                controls: try GatewayControls(headers: call.request.headers), path: call.request.path)
            let known = runs.catalogue.current.model(model)
            if !RunConverters.isSpoken(operation, by: known) {
                let conversion = try RunConverters.responsesByChat(body.bytes, lane.scanner)
                let step = GatewayStep(.model(model, conversion.operation), body: conversion.body)
                return Inference(
                    request: runs.request(origin, [step], .run), shape: .run(conversion), subject: .run)
            }
            let step = GatewayStep(.model(model, operation), body: body.bytes)
            return Inference(request: runs.request(origin, [step], .run), subject: .run)
        }
    }

    /// Anthropic's wire, for models of others only.
    private func messages(_ call: CloudflareCall, _ responder: consuming HTTPResponder) async {
        await desk.answer(call, .openAI, responder) { lane throws(GatewayError) in
            let owner = try call.owner
            let body = try RequestBody(call.request.body, scanner: lane.scanner, depth: runs.limits.jsonDepth)
            let named = try body.model(runs.limits)
            guard let model = runs.catalogue.current.model(named), model.provider.rawValue == "anthropic" else {
                throw GatewayError(
                    .modalityMismatch, "Messages are for models of Anthropic, such as `anthropic/claude-sonnet-4.6`.",
                    param: "model")
            }
            let origin = RunReader.Origin(
                call: call, account: owner.account, principal: owner.principal,
                gateway: try GatewayChoice.gateway(
                    named: call.request.headers.first("cf-aig-gateway-id"), model: named),
                controls: try GatewayControls(headers: call.request.headers), path: call.request.path)
            var headers = ForwardedHeaders(call.request.headers.pairs.map { ($0.name, $0.value) })
            // Its key, if any, is this gateway's: the vendor's comes from elsewhere.
            _ = headers.takeVendorKey(NativeVendors.vendor("anthropic"))
            let step = GatewayStep(
                .native(provider: "anthropic", method: "POST", path: "v1/messages"),
                body: body.setting("model", to: model.upstreamName), headers: headers.fields)
            return Inference(request: runs.request(origin, [step], .native), subject: .input)
        }
    }

    /// The names of models are those of the gateway host.
    private func playground(_ call: CloudflareCall, _ responder: consuming HTTPResponder) async {
        await desk.answer(call, .openAI, responder) { lane throws(GatewayError) in
            let owner = try call.owner
            let origin = RunReader.Origin(
                call: call, account: owner.account, principal: owner.principal,
                gateway: try GatewayChoice.checked(call.parts["gateway"]),
                controls: try GatewayControls(headers: call.request.headers), path: call.request.path)
            let body = try RequestBody(call.request.body, scanner: lane.scanner, depth: runs.limits.jsonDepth)
            let step = try CompatStep.read(body, .chat, runs.limits)
            return Inference(request: runs.request(origin, [step], .compat), subject: .input)
        }
    }

    private func models(_ call: CloudflareCall) -> HTTPResponse {
        var writer = JSONWriter(reserving: 16 << 10)
        writer.beginObject()
        writer.key("object")
        writer.string("list")
        writer.key("data")
        writer.beginArray()
        for model in runs.catalogue.current.models {
            writer.beginObject()
            writer.key("id")
            writer.string(model.id.rawValue)
            writer.key("object")
            writer.string("model")
            writer.key("created")
            writer.int(model.released.flatMap(CalendarDay.init)?.unixSeconds ?? 0)
            writer.key("owned_by")
            writer.string(model.provider.rawValue)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return HTTPResponse(
            status: 200, headers: AnswerHeaders.head("application/json", call, []), body: writer.bytes)
    }
}

/// A request of OpenAI's wire whose model is named as on the gateway host.
enum CompatStep {
    static func read(
        _ body: RequestBody, _ operation: GatewayStep.Operation, _ limits: InferenceLimits
    ) throws(GatewayError) -> GatewayStep {
        let named = try body.model(limits)
        let model = NativeVendors.catalogueName(named)
        return GatewayStep(
            .model(model, operation), body: named == model ? body.bytes : body.setting("model", to: model))
    }
}
