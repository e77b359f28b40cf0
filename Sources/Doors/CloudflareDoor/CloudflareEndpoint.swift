import Domain
import HTTPServer
import Routing
import Telemetry

/// Lets callers in by their role and account, and does what the route does where it belongs.
struct CloudflareEndpoint: Endpoint {
    let route: CloudflareRoute
    let parts: PathParts
    let services: CloudflareDoor.Services

    /// Definitions are small; longer ones are mistakes.
    private static let mostManagementBytes = 1 << 20

    func answer(_ request: HTTPRequest, requestID: RequestID, _ responder: consuming HTTPResponder) async {
        let call: CloudflareCall
        do throws(GatewayError) {
            call = try admitted(request, requestID)
        } catch {
            return responder.send(refused(error, requestID))
        }
        await perform(call, responder)
    }

    private func perform(_ call: CloudflareCall, _ responder: consuming HTTPResponder) async {
        switch route.action {
        case .infer(let action): await action(call, responder)
        case .manage(let action): responder.send(await managed(call, action))
        case .forward(let target):
            let meant: (route: CloudflareRoute, call: CloudflareCall)
            do throws(GatewayError) {
                meant = try target(call)
            } catch {
                return responder.send(refused(error, call.requestID))
            }
            let endpoint = CloudflareEndpoint(route: meant.route, parts: meant.call.parts, services: services)
            await endpoint.perform(meant.call, responder)
        }
    }

    /// What a route answers that manages. Nil for routes that answer by themselves.
    func response(to request: HTTPRequest, requestID: RequestID) async -> HTTPResponse? {
        guard case .manage(let action) = route.action else { return nil }
        do throws(GatewayError) {
            return await managed(try admitted(request, requestID), action)
        } catch {
            return refused(error, requestID)
        }
    }

    private func refused(_ error: GatewayError, _ requestID: RequestID) -> HTTPResponse {
        note(error, requestID)
        guard case .forward = route.action, error.reason == .invalidKey else {
            return CloudflareError.response(error, on: route.surface, requestID: requestID)
        }
        return CloudflareError.tunnelRefusal(error, requestID: requestID)
    }

    private func admitted(_ request: HTTPRequest, _ requestID: RequestID) throws(GatewayError) -> CloudflareCall {
        guard let least = route.least else {
            return CloudflareCall(
                request: request, requestID: requestID, surface: route.surface, parts: parts, principal: nil,
                account: nil)
        }
        let principal = try services.identity.principal(of: request)
        guard principal.role >= least else {
            throw GatewayError(
                .roleNotAllowed,
                "`\(route.method) \(route.pattern)` needs a key of role \(least.rawValue); yours is \(principal.role.rawValue)."
            )
        }
        return CloudflareCall(
            request: request, requestID: requestID, surface: route.surface, parts: parts, principal: principal,
            account: try services.identity.account(parts["account"], for: principal))
    }

    private func managed(
        _ call: CloudflareCall,
        _ action: @escaping @Sendable (CloudflareCall) async throws(GatewayError) -> CloudflareReply
    ) async -> HTTPResponse {
        do throws(GatewayError) {
            guard call.request.body.count <= Self.mostManagementBytes else {
                throw GatewayError(
                    .payloadTooLarge, "The body is longer than the \(Self.mostManagementBytes) bytes allowed here.")
            }
            let isReading = route.method == "GET"
            let changed = services.changed
            // A task of its own: stores block, and a change must not end halfway because the client left.
            let work = Task(executorPreference: globalConcurrentExecutor) {
                () -> Result<CloudflareReply, GatewayError> in
                do throws(GatewayError) {
                    let reply = try await action(call)
                    if !isReading { await changed() }
                    return .success(reply)
                } catch {
                    return .failure(error)
                }
            }
            let response = try await work.value.get().response(call.requestID)
            if !isReading { note(change: call) }
            return response
        } catch {
            return refused(error, call.requestID)
        }
    }

    // MARK: The log

    private func note(_ error: GatewayError, _ requestID: RequestID) {
        let level: LogLevel = error.reason.status >= 500 ? .warning : .debug
        guard services.log.isEnabled(level) else { return }
        services.log.with(requestID: requestID.rawValue).log(
            level, "call failed",
            [
                "route": .string("\(route.method) \(route.pattern)"), "reason": .string(error.reason.rawValue),
                "status": .int(error.reason.status),
            ])
    }

    private func note(change call: CloudflareCall) {
        services.log.with(requestID: call.requestID.rawValue).info(
            "managed",
            [
                "route": .string("\(route.method) \(route.pattern)"),
                "path": .string(call.request.path),
                "key": .string(call.principal?.keyID.rawValue ?? "none"),
                "account": .string(call.account?.id.rawValue ?? "none"),
            ])
    }
}
