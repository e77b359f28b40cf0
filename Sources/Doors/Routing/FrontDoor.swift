public import Domain
import HTTPCore
public import HTTPServer

/// One public dialect: which requests are its own, and how its errors look.
public protocol Door: Sendable {
    /// Nil when the path is not this door's at all.
    func endpoint(method: String, path: String) -> EndpointMatch?
    func render(_ error: GatewayError, requestID: RequestID) -> HTTPResponse
}

public enum EndpointMatch: Sendable {
    case found(any Endpoint)
    /// The path exists, for these methods.
    case wrongMethod(allowed: [String])
}

/// What one route does.
public protocol Endpoint: Sendable {
    func answer(_ request: HTTPRequest, requestID: RequestID, _ responder: consuming HTTPResponder) async
}

/// Every request comes in here and goes to the door it belongs to.
public struct FrontDoor: HTTPHandler {
    private let doors: [any Door]
    /// Speaks for paths that belong to no door.
    private let fallback: any Door
    private let hosts: [HostedPaths]
    private let requestIDs: RequestIDs

    /// - Parameter hosts: Host names whose paths mean something else there.
    public init(
        _ doors: [any Door], fallback: any Door, hosts: [HostedPaths] = [], requestIDs: RequestIDs = RequestIDs()
    ) {
        self.doors = doors
        self.fallback = fallback
        self.hosts = hosts
        self.requestIDs = requestIDs
    }

    public func handle(_ request: HTTPRequest, _ responder: consuming HTTPResponder) async {
        let requestID = requestIDs.id(for: request.headers.first("x-request-id"))
        let request = hosts.lazy.compactMap { $0.moved(request) }.first ?? request
        for door in doors {
            switch door.endpoint(method: request.method, path: request.path) {
            case nil: continue
            case .found(let endpoint):
                return await endpoint.answer(request, requestID: requestID, responder)
            case .wrongMethod(let allowed):
                return responder.send(wrongMethod(request.method, allowed, door, requestID))
            }
        }
        let error = GatewayError(
            .endpointNotFound,
            "There is no `\(Self.shown(request.method)) \(Self.shown(request.path))` here. The API begins at /v1.")
        responder.send(fallback.render(error, requestID: requestID))
    }

    /// What a client sent, cut to a length that is fit to be repeated to it. Counted in scalars: a single character
    /// can be as long as its writer likes.
    private static func shown(_ text: String) -> String {
        String(text.unicodeScalars.prefix(200))
    }

    private func wrongMethod(
        _ method: String, _ allowed: [String], _ door: any Door, _ requestID: RequestID
    ) -> HTTPResponse {
        let list = allowed.joined(separator: ", ")
        let error = GatewayError(.methodNotAllowed, "\(Self.shown(method)) is not possible here. Use \(list).")
        var response = door.render(error, requestID: requestID)
        response.headers.append("Allow", list)
        return response
    }

    public func refuse(_ refusal: ServerRefusal) -> HTTPResponse {
        fallback.render(GatewayError(refusal), requestID: requestIDs.next())
    }
}

extension GatewayError {
    fileprivate init(_ refusal: ServerRefusal) {
        switch refusal {
        case .headerTooLarge(let limit):
            self.init(.headersTooLarge, "The header fields are longer than the \(limit) bytes allowed.")
        case .ambiguousLength:
            self.init(
                .invalidBody,
                "The length of the body is ambiguous. Send one Content-Length, or Transfer-Encoding: chunked alone.")
        case .bodyTooLarge(let limit):
            self.init(.payloadTooLarge, "The body is longer than the \(limit) bytes allowed.")
        case .headTimeout(let milliseconds):
            self.init(.requestTimeout, "The header fields did not arrive within \(milliseconds) ms.")
        case .bodyTimeout(let milliseconds):
            self.init(.requestTimeout, "The body did not arrive within \(milliseconds) ms.")
        case .overloaded(let limit):
            self.init(
                .overloaded, "The gateway has \(limit) requests in work already. Try again shortly.",
                retryAfterSeconds: 1)
        case .closing:
            self.init(.overloaded, "The gateway is shutting down. Try again shortly.", retryAfterSeconds: 1)
        case .unanswered:
            self.init(.internalError, "The gateway failed to answer. Try again, and tell its operator.")
        }
    }
}
