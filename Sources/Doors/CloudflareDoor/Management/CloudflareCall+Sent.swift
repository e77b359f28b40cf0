import Domain
import HTTPServer
import JSON
import Routing

extension CloudflareCall {
    /// Definitions lie no deeper.
    private static let deepestJSON = 64

    /// The body as JSON.
    func sent() throws(GatewayError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: request.body, maximumDepth: Self.deepestJSON)
        } catch {
            throw GatewayError(.invalidBody, "The body is not JSON: \(error.description)")
        }
    }

    /// The gateway that the path names.
    var gateway: GatewayID { GatewayID(parts["gateway"]) }

    /// A query parameter that is yes or no.
    func flag(_ name: String) throws(GatewayError) -> Bool? {
        guard let text = query.first(name) else { return nil }
        guard let flag = Bool(text.lowercased()) else {
            throw GatewayError(.invalidValue, "`\(name)` must be true or false.", param: name)
        }
        return flag
    }
}
