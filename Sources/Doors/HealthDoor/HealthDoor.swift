public import Domain
import HTTPCore
public import HTTPServer
import JSON
public import Routing

/// `/healthz` and `/readyz`, for whatever watches the process. Neither needs a key.
public struct HealthDoor: Door {
    private let readiness: @Sendable () -> Readiness

    public init(readiness: @escaping @Sendable () -> Readiness) {
        self.readiness = readiness
    }

    public func endpoint(method: String, path: String) -> EndpointMatch? {
        switch path {
        case "/healthz": onlyGet(method, HealthEndpoint(answer: { Readiness(problems: []) }, good: "ok"))
        case "/readyz": onlyGet(method, HealthEndpoint(answer: readiness, good: "ready"))
        default: nil
        }
    }

    private func onlyGet(_ method: String, _ endpoint: some Endpoint) -> EndpointMatch {
        method == "GET" || method == "HEAD" ? .found(endpoint) : .wrongMethod(allowed: ["GET", "HEAD"])
    }

    public func render(_ error: GatewayError, requestID: RequestID) -> HTTPResponse {
        HTTPResponse(
            status: error.reason.status, headers: ["Content-Type": "text/plain"], body: Array(error.message.utf8))
    }
}

/// Why the gateway cannot serve; ready when there is no reason.
public struct Readiness: Sendable {
    public let problems: [String]
    /// What is wrong but keeps nobody from being served.
    public let warnings: [String]

    public init(problems: [String], warnings: [String] = []) {
        self.problems = problems
        self.warnings = warnings
    }
}

private struct HealthEndpoint: Endpoint {
    let answer: @Sendable () -> Readiness
    let good: String

    func answer(_ request: HTTPRequest, requestID: RequestID, _ responder: consuming HTTPResponder) async {
        let readiness = answer()
        let status: JSONValue = .string(readiness.problems.isEmpty ? good : "not ready")
        let problems = JSONValue.array(readiness.problems.map { .string($0) })
        let warnings = JSONValue.array(readiness.warnings.map { .string($0) })
        let body: JSONValue = ["status": status, "problems": problems, "warnings": warnings]
        responder.send(
            HTTPResponse(
                status: readiness.problems.isEmpty ? 200 : 503,
                headers: [
                    "Content-Type": "application/json", "X-Request-Id": requestID.rawValue, "Cache-Control": "no-store",
                ],
                body: body.serialized()))
    }
}
