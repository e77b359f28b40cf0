import Domain
import HTTPCore
import HTTPServer
import JSON
import NamedGateways
import Pipeline
import Routing

/// `/gateway/v1/{account}/{gateway}/…`: the gateway host.
struct HostRoutes: Sendable {
    let desk: InferenceDesk
    let runs: RunReader
    let identity: CloudflareIdentity

    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    /// For all methods and all callers: what is wrong with either is told in this host's own words.
    var routes: [CloudflareRoute] {
        [
            .infer("*", "/gateway/v1/{account}/{gateway}", on: .host, least: nil) { call, responder in
                await universal(call, responder)
            },
            .infer("*", "/gateway/v1/{account}/{gateway}/", on: .host, least: nil) { call, responder in
                await universal(call, responder)
            },
            .infer("*", "/gateway/v1/{account}/{gateway}/{rest...}", on: .host, least: nil) { call, responder in
                await below(call, responder)
            },
        ]
    }

    // MARK: What is asked for

    private func below(_ call: CloudflareCall, _ responder: consuming HTTPResponder) async {
        // As it was sent: a vendor is to get the escapes that its client wrote.
        let rest = Self.rest(of: call.request.path)
        switch rest {
        case "run": await preview(call, responder)
        case "compat/chat/completions": await compat(call, .chat, rest, responder)
        case "compat/embeddings": await compat(call, .embeddings, rest, responder)
        default: await native(call, rest, responder)
        }
    }

    private func universal(_ call: CloudflareCall, _ responder: consuming HTTPResponder) async {
        if let refusal = refused(call, onlyPost: true) { return responder.send(refusal) }
        await desk.answer(call, .host, responder) { lane throws(GatewayError) in
            let origin = try origin(call, path: "universal")
            let read = try UniversalSteps(runs: runs).read(call.request.body, lane.scanner)
            var request = runs.request(origin, read.steps, .native)
            request.isUniversal = true
            return Inference(request: request, shape: .steps(read.conversions), subject: .input)
        }
    }

    private func compat(
        _ call: CloudflareCall, _ operation: GatewayStep.Operation, _ path: String,
        _ responder: consuming HTTPResponder
    ) async {
        if let refusal = refused(call, onlyPost: true) { return responder.send(refusal) }
        await desk.answer(call, .host, responder) { lane throws(GatewayError) in
            let step = try NativeStep(
                provider: NativeStep.compat, method: "POST", path: String(path.dropFirst("compat/".count)),
                headers: fields(call), body: call.request.body, runs: runs, scanner: lane.scanner)
            return Inference(
                request: runs.request(try origin(call, path: path), [step.step], .compat), subject: .input)
        }
    }

    private func native(_ call: CloudflareCall, _ rest: String, _ responder: consuming HTTPResponder) async {
        if let refusal = refused(call, onlyPost: false) { return responder.send(refusal) }
        await desk.answer(call, .host, responder) { lane throws(GatewayError) in
            let origin = try origin(call, path: rest)
            let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            let path = parts.count > 1 ? String(parts[1]) : ""
            let step = try NativeStep(
                provider: String(parts[0]), method: call.request.method,
                path: call.request.query.isEmpty ? path : "\(path)?\(call.request.query)",
                headers: fields(call), body: call.request.body, runs: runs, scanner: lane.scanner)
            let kind: GatewayRequest.Kind = if case .model = step.step.target { .compat } else { .native }
            return Inference(
                request: runs.request(origin, [step.step], kind), shape: .steps([step.conversion]), subject: .input)
        }
    }

    /// The run API's preview. It does not stream, and takes no vendor keys.
    private func preview(_ call: CloudflareCall, _ responder: consuming HTTPResponder) async {
        if let refusal = refused(call, onlyPost: true) { return responder.send(refusal) }
        await desk.answer(call, .host, responder) { lane throws(GatewayError) in
            let origin = try origin(call, path: "run")
            let run = try NamedRun(call, runs.limits, lane.scanner, nil)
            let asked = try RequestBody(run.input, scanner: lane.scanner, depth: runs.limits.jsonDepth)
            guard asked.field("stream")?.bool != true else {
                throw GatewayError(.invalidValue, "`stream` is not possible here.", param: "input.stream")
            }
            return runs.inference(run.model, run.input, origin, lane.scanner) {
                .preview($0, model: run.model)
            }
        }
    }

    // MARK: The parts

    private func origin(_ call: CloudflareCall, path: String) throws(GatewayError) -> RunReader.Origin {
        let caller = try HostCaller(call, identity)
        return RunReader.Origin(
            call: call, account: caller.account, principal: caller.principal,
            gateway: try GatewayChoice.checked(call.parts["gateway"]),
            controls: try GatewayControls(headers: call.request.headers), path: path)
    }

    private func fields(_ call: CloudflareCall) -> [(String, String)] {
        call.request.headers.pairs.map { ($0.name, $0.value) }
    }

    /// What stands behind the gateway's name, as it was sent.
    private static func rest(of path: String) -> String {
        let parts = path.split(separator: "/", maxSplits: 5, omittingEmptySubsequences: false)
        return parts.count > 5 ? String(parts[5]) : ""
    }

    private func refused(_ call: CloudflareCall, onlyPost: Bool) -> HTTPResponse? {
        if call.request.headers.first("upgrade")?.lowercased().contains("websocket") == true {
            return SocketRefusal.response(desk, call, .host)
        }
        let method = call.request.method
        guard onlyPost ? method != "POST" : !Self.methods.contains(method) else { return nil }
        let allowed = onlyPost ? "POST" : Self.methods.sorted().joined(separator: ", ")
        var response = desk.refusal(
            GatewayError(.methodNotAllowed, "This method is not possible here. Use \(allowed)."), call, .host)
        response.headers.append("Allow", allowed)
        return response
    }
}

/// Sockets of web pages are not served.
enum SocketRefusal {
    static func response(_ desk: InferenceDesk, _ call: CloudflareCall, _ form: ErrorForm) -> HTTPResponse {
        var response = desk.refusal(
            GatewayError(
                .methodNotAllowed,
                "WebSockets are not served here. Send the same as a POST; with `stream` the answer comes in events."),
            call, form)
        response.status = 426
        return response
    }
}
