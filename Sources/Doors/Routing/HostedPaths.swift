import HTTPCore
import HTTPServer

/// A host name of ours under which some paths are those of another part of the gateway, so that two parts can have
/// paths that begin alike.
public struct HostedPaths: Sendable {
    private let host: String
    private let beginning: String
    private let place: String

    /// - Parameters:
    ///   - host: Without a port; requests to any port of it are meant.
    ///   - beginning: Paths that begin so are moved, such as `/v1/`.
    ///   - place: What is put before them, such as `/gateway`.
    public init(host: String, beginning: String, movedUnder place: String) {
        self.host = host.lowercased()
        self.beginning = beginning
        self.place = place
    }

    /// The request as the other part knows it; nil when it is not for this host, or its path begins otherwise.
    func moved(_ request: HTTPRequest) -> HTTPRequest? {
        guard request.path.hasPrefix(beginning), let named = request.headers.first("host"),
            Self.name(named) == host
        else { return nil }
        return HTTPRequest(
            method: request.method, path: place + request.path, query: request.query, headers: request.headers,
            body: request.body, loop: request.loop, arrivedAt: request.arrivedAt,
            clientAddress: request.clientAddress)
    }

    /// The name without its port, and without the dot that may end it.
    private static func name(_ field: String) -> String {
        let text = field.lowercased()
        let name = text.hasPrefix("[") ? text.prefix { $0 != "]" } + "]" : text.prefix { $0 != ":" }
        return String(name.hasSuffix(".") ? name.dropLast() : name)
    }
}
