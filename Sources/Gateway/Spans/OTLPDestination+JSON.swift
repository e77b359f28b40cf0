public import JSON
import Telemetry

extension OTLPDestination {
    /// How many destinations a gateway may have, how many header fields a destination, how long each.
    public static let maximumDestinations = 8
    public static let maximumHeaders = 32
    public static let maximumHeaderBytes = 4_096
    /// What stands for a secret in answers. A destination that is written back with it keeps the secret it had.
    public static let mask = Secret.placeholder

    /// Reads the field `otel`.
    ///
    /// - Parameters:
    ///   - pointer: Where the field stands, for problems.
    ///   - stored: The destinations as they are. Where the mask stands for a secret, the one stored for the same address
    ///     and the same name stays; for any other address it is a problem, or a secret could be sent elsewhere by
    ///     somebody who cannot read it.
    public static func list(
        json: JSONValue, pointer: String = "/otel", keeping stored: [OTLPDestination] = []
    ) throws(OTLPProblems) -> [OTLPDestination] {
        guard let elements = json.arrayValue, elements.count <= maximumDestinations else {
            throw OTLPProblems([OTLPProblem(pointer, "must be an array of at most \(maximumDestinations) entries.")])
        }
        var problems: [OTLPProblem] = []
        var destinations: [OTLPDestination] = []
        for (index, element) in elements.enumerated() {
            var reader = DestinationReader(pointer: "\(pointer)/\(index)", stored: stored)
            if let destination = reader.read(element) { destinations.append(destination) }
            problems += reader.problems
        }
        guard problems.isEmpty else { throw OTLPProblems(problems) }
        return destinations
    }

    /// Whether secrets are shown.
    public enum Secrets: Sendable {
        /// For answers to clients.
        case masked
        /// For the store, which has to keep them sealed.
        case revealed
    }

    /// The entry as JSON.
    public func json(_ secrets: Secrets) -> JSONValue {
        func text(_ secret: Secret) -> JSONValue {
            switch secrets {
            case .masked: .string(Self.mask)
            case .revealed: .string(secret.reveal())
            }
        }
        var fields = JSONObject()
        for header in headers { fields.append(header.name, text(header.value)) }
        var object: JSONObject = ["url": .string(url), "headers": .object(fields)]
        if let authorization { object.append("authorization", text(authorization)) }
        object.append("content_type", .string(contentType.rawValue))
        return .object(object)
    }
}
