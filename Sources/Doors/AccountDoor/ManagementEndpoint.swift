import Accounts
import Domain
import HTTPCore
import HTTPServer
import Routing
import Telemetry

/// Lets callers in by their role, does what the route does off the loops, and tells the running server of changes.
struct ManagementEndpoint: Endpoint {
    let route: Route
    let id: String
    let services: AccountDoor.Services

    func answer(_ request: HTTPRequest, requestID: RequestID, _ responder: consuming HTTPResponder) async {
        responder.send(await response(to: request, requestID: requestID))
    }

    func response(to request: HTTPRequest, requestID: RequestID) async -> HTTPResponse {
        do throws(GatewayError) {
            let principal = try admitted(request)
            guard request.body.count <= route.maximumBodyBytes else {
                throw GatewayError(
                    .payloadTooLarge, "The body is longer than the \(route.maximumBodyBytes) bytes allowed here.")
            }
            // A task of its own: stores block, and a change must not end halfway because the client left.
            let work = Task(executorPreference: globalConcurrentExecutor) {
                () -> Result<ManagementReply, GatewayError> in
                do throws(GatewayError) {
                    return .success(try await reply(to: request, requestID, principal))
                } catch {
                    return .failure(error)
                }
            }
            return try await work.value.get().response(requestID)
        } catch {
            note(error, requestID)
            return OpenAIError.response(error, requestID: requestID)
        }
    }

    private func admitted(_ request: HTTPRequest) throws(GatewayError) -> Principal? {
        guard case .role(let least, let subAccounts) = route.access else { return nil }
        let principal = try services.authenticate(request)
        guard subAccounts || principal.account.parentID == nil else {
            throw GatewayError(
                .roleNotAllowed,
                "Keys of sub-accounts may not use `\(route.pattern)`. Use a key of the account that pays for it.")
        }
        guard principal.role >= least else {
            throw GatewayError(
                .roleNotAllowed,
                "`\(route.method) \(route.pattern)` needs a key of role \(least.rawValue); yours is \(principal.role.rawValue)."
            )
        }
        return principal
    }

    private func reply(
        to request: HTTPRequest, _ requestID: RequestID, _ principal: Principal?
    ) async throws(GatewayError) -> ManagementReply {
        let account = try principal.map { principal throws(GatewayError) in try managed(request, by: principal) }
        let call = ManagementCall(
            request: request, requestID: requestID, id: id, principal: principal, account: account)
        let reply = try await route.action(call, services.desks)
        if !route.isReading {
            await services.changed()
            note(change: call)
        }
        return reply
    }

    /// The caller's account. Root may name another in the query.
    private func managed(_ request: HTTPRequest, by principal: Principal) throws(GatewayError) -> Account {
        guard let named = QueryParameters(request.query).first("account_id"), named != principal.accountID.rawValue
        else { return principal.account }
        guard principal.role == .root else {
            throw GatewayError(.objectNotFound, "There is no such account.", param: "account_id")
        }
        return try services.desks.accounts.account(AccountID(named))
    }

    // MARK: The log

    /// What went wrong on our side is worth an operator's eye; what callers do wrong is theirs.
    private func note(_ error: GatewayError, _ requestID: RequestID) {
        let level: LogLevel = error.reason.status >= 500 ? .warning : .debug
        services.log.with(requestID: requestID.rawValue).log(
            level, "management call failed",
            [
                "route": .string("\(route.method) \(route.pattern)"), "reason": .string(error.reason.rawValue),
                "status": .int(error.reason.status),
            ])
    }

    private func note(change call: ManagementCall) {
        services.log.with(requestID: call.requestID.rawValue).info(
            "managed",
            [
                "route": .string("\(route.method) \(route.pattern)"), "id": .string(call.id),
                "key": .string(call.principal?.keyID.rawValue ?? "none"),
                "account": .string(call.account?.id.rawValue ?? "none"),
            ])
    }
}

extension ManagementCall {
    /// Who manages. Routes that ask for no key must not ask for this.
    var caller: Caller {
        get throws(GatewayError) {
            guard let principal, let account else {
                throw GatewayError(.invalidKey, "No API key was sent. Send `Authorization: Bearer sk-aig-…`.")
            }
            return Caller(principal, for: account)
        }
    }

    var query: QueryParameters { QueryParameters(request.query) }

    /// Nil unless the caller named the request.
    var repetition: Repetition? {
        get throws(GatewayError) {
            let names = request.headers.all("idempotency-key")
            guard names.count <= 1 else {
                throw GatewayError(
                    .duplicateField, "There is more than one `Idempotency-Key`. Send it once.",
                    param: "Idempotency-Key")
            }
            guard let name = names.first else { return nil }
            return try Repetition(name: name, body: request.body)
        }
    }
}
