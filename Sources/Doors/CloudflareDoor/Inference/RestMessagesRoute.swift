import Catalogue
import Domain
import HTTPCore
import HTTPServer
import JSON
import NamedGateways
import Pipeline
import Providers

/// `…/ai/v1/messages`: Anthropic's own wire, bare, for the models that speak it.
struct RestMessagesRoute: Sendable {
    let desk: InferenceDesk
    let runs: RunReader

    private static let vendor = "anthropic"
    private static let path = "v1/messages"

    var route: CloudflareRoute {
        .infer("POST", "/client/v4/accounts/{account}/ai/v1/messages", on: .rest) { call, responder in
            await answer(call, responder)
        }
    }

    private func answer(_ call: CloudflareCall, _ responder: consuming HTTPResponder) async {
        await desk.answer(call, .rest, responder) { lane throws(GatewayError) in
            let owner = try call.owner
            let body = try RequestBody(call.request.body, scanner: lane.scanner, depth: runs.limits.jsonDepth)
            let name = try body.model(runs.limits)
            let model = try model(named: name)
            var headers = ForwardedHeaders(call.request.headers.pairs.map { ($0.name, $0.value) })
            let vendorKey = headers.takeVendorKey(NativeVendors.vendor(Self.vendor))
            let origin = RunReader.Origin(
                call: call, account: owner.account, principal: owner.principal,
                gateway: try GatewayChoice.gateway(
                    named: call.request.headers.first("cf-aig-gateway-id"), model: name),
                controls: try GatewayControls(headers: call.request.headers), path: call.request.path)
            let step = GatewayStep(
                .native(provider: Self.vendor, method: "POST", path: Self.path),
                body: body.setting("model", to: model.upstreamName), headers: headers.fields,
                vendorKey: vendorKey)
            return Inference(request: runs.request(origin, [step], .native), subject: .input)
        }
    }

    private func model(named name: String) throws(GatewayError) -> Model {
        guard let model = runs.catalogue.current.model(name) else {
            throw GatewayError(.modelNotFound, "There is no model `\(name)`.", param: "model")
        }
        guard model.provider.rawValue == Self.vendor else {
            throw GatewayError(
                .modalityMismatch,
                "`\(name)` does not speak Anthropic's wire. Send it OpenAI's, to /ai/v1/chat/completions.",
                param: "model")
        }
        return model
    }
}
