import Domain
import HTTPCore
import HTTPServer
import JSON
import NamedGateways

/// `{"inputs":{…},"options":{…}}`, and the model in the field `cf-consn-model-id`.
struct BindingBody {
    let model: String
    let inputs: [UInt8]
    /// The id in `options.gateway`.
    let gateway: String?
    let controls: GatewayControls
    let rejectsIfBusy: Bool
    let isBatch: Bool

    init(_ call: CloudflareCall, _ limits: InferenceLimits, _ scanner: JSONScanner) throws(GatewayError) {
        model = try ModelName.checked(try Self.model(call.request.headers), limits)
        let body = try RequestBody(call.request.body, scanner: scanner, depth: limits.jsonDepth)
        inputs = try body.object("inputs")
        let options = try RunOptions.object(body, scanner)
        rejectsIfBusy = try RunOptions.rejectsIfBusy(options)
        isBatch = try RunOptions.flag("queueRequest", options)
        guard let member = options?["gateway"], !member.isNull else {
            gateway = nil
            controls = GatewayControls()
            return
        }
        guard let object = member.objectValue else {
            throw GatewayError(.invalidType, "`options.gateway` must be an object.", param: "options.gateway")
        }
        gateway = try Self.id(object["id"])
        controls = try GatewayControls(options: object)
    }

    private static func id(_ value: JSONValue?) throws(GatewayError) -> String? {
        guard let value, !value.isNull else { return nil }
        guard let id = value.stringValue else {
            throw GatewayError(.invalidType, "`options.gateway.id` must be a string.", param: "options.gateway.id")
        }
        return id
    }

    /// `[prefix:]model`. Models have colons only behind a slash.
    private static func model(_ headers: HeaderFields) throws(GatewayError) -> String {
        guard let field = headers.first("cf-consn-model-id"), !field.isEmpty else {
            throw GatewayError(
                .invalidBody, "The header field `cf-consn-model-id` is missing; it names the model.",
                param: "cf-consn-model-id")
        }
        guard let colon = field.firstIndex(of: ":"), !field[..<colon].contains("/") else { return field }
        return String(field[field.index(after: colon)...])
    }
}
