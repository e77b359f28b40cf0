import Domain
import HTTPCore
import HTTPServer
import Routing

/// `…/ai/run/proxy`: requests of the binding, sent on by a development runtime with the address they were for.
struct Tunnel: Sendable {
    /// What the binding's requests can be for.
    let targets: [CloudflareRoute]

    private static let origin = "https://workers-binding.ai/"

    var route: CloudflareRoute {
        .forward("*", "/client/v4/accounts/{account}/ai/run/proxy", on: .rest) { call throws(GatewayError) in
            try target(of: call)
        }
    }

    private func target(
        of call: CloudflareCall
    ) throws(GatewayError) -> (route: CloudflareRoute, call: CloudflareCall) {
        let owner = try call.owner
        let request = try meant(by: call.request)
        // The server leaves the body of an answer to HEAD out.
        let method = request.method == "HEAD" ? "GET" : request.method
        for route in targets where route.method == "*" || route.method == method {
            guard let parts = route.pattern.match(request.path) else { continue }
            guard owner.principal.role >= route.least ?? .keyOnly else {
                throw GatewayError(.roleNotAllowed, "This key may not do that.")
            }
            let inner = CloudflareCall(
                request: request, requestID: call.requestID, surface: route.surface, parts: parts,
                principal: owner.principal, account: owner.account)
            return (route, inner)
        }
        throw GatewayError(.endpointNotFound, "The binding has nothing at the address in `X-Forwarded`.")
    }

    private func meant(by request: HTTPRequest) throws(GatewayError) -> HTTPRequest {
        guard let address = request.headers.first("x-forwarded"), address.hasPrefix(Self.origin) else {
            throw GatewayError(
                .invalidValue, "`X-Forwarded` must be an address that begins with `\(Self.origin)`.",
                param: "x-forwarded")
        }
        let tail = address.dropFirst(Self.origin.count - 1).prefix { $0 != "#" }
        let parts = tail.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return HTTPRequest(
            method: request.method, path: "/binding" + parts[0], query: parts.count > 1 ? String(parts[1]) : "",
            headers: request.headers, body: request.body, loop: request.loop, arrivedAt: request.arrivedAt,
            clientAddress: request.clientAddress)
    }
}
