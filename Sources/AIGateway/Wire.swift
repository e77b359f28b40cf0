import HTTPClient
import JSON

/// One request to the gateway, without the key.
struct Call: Sendable {
    /// Which header field the key goes in.
    enum Credential: String, Sendable {
        case account = "authorization"
        /// For routes in whose `Authorization` the vendor's key may be.
        case gateway = "cf-aig-authorization"
    }

    var method = RequestTemplate.Method.get
    /// With the query.
    var path: String
    var headers: [(String, String)] = []
    var body: [UInt8] = []
    var credential = Credential.account
}

/// How a transport spells each request.
struct Wire: Sendable {
    let transport: AITransport
    /// Escaped for a path.
    let account: String

    private static let sdkVersion = "2.0.0"
    private static let bindingOrigin = "https://workers-binding.ai"
    private static let jsonType = ("content-type", "application/json")

    func run(_ model: String, _ inputs: JSONValue, _ options: AIRunOptions) throws(AIError) -> Call {
        let name = options.prefix.map { "\($0):\(model)" } ?? model
        guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .invalidCall("The name of a model is written in ASCII, without white space.")
        }
        return transport == .rest ? try restRun(name, inputs, options) : bindingRun(name, inputs, options)
    }

    func models(_ search: [(String, String)]) -> Call {
        let path = transport == .rest ? "/ai/models/search" : "/ai-api/models/search"
        return placed(Call(path: path + Self.query(search)))
    }

    func url(of gateway: String, for provider: String) -> Call {
        placed(Call(path: gatewayPath(gateway) + "/url/" + provider.escapedForURL))
    }

    func log(_ id: String, of gateway: String) -> Call {
        placed(Call(path: gatewayPath(gateway) + "/logs/" + id.escapedForURL))
    }

    func patchLog(_ id: String, of gateway: String, _ change: JSONValue) -> Call {
        placed(
            Call(
                method: .patch, path: gatewayPath(gateway) + "/logs/" + id.escapedForURL, headers: [Self.jsonType],
                body: change.serialized()))
    }

    func universal(_ gateway: String, _ steps: JSONValue, _ options: AIGatewayOptions, _ extra: [String: String])
        -> Call
    {
        var call = Call(method: .post, path: "", body: steps.serialized())
        call.headers = Self.headers(own: options.headers + [Self.jsonType], callers: extra, ownWin: false)
        guard transport == .rest else {
            call.path = "/ai-gateway/universal/run/" + gateway.escapedForURL
            return placed(call)
        }
        call.path = "/gateway/v1/\(account)/" + gateway.escapedForURL
        call.credential = .gateway
        return call
    }

    // MARK: Runs

    private func bindingRun(_ name: String, _ inputs: JSONValue, _ options: AIRunOptions) -> Call {
        let body: JSONValue = ["inputs": inputs, "options": .object(options.members(besides: options.gateway))]
        let fixed = [Self.jsonType, ("cf-consn-sdk-version", Self.sdkVersion), ("cf-consn-model-id", name)]
        return placed(
            Call(
                method: .post, path: options.gateway?.id == nil ? "/run?version=3" : "/ai-gateway/run?version=3",
                headers: Self.headers(own: fixed, callers: options.extraHeaders), body: body.serialized()))
    }

    private func restRun(_ name: String, _ inputs: JSONValue, _ options: AIRunOptions) throws(AIError) -> Call {
        var others = options.members(besides: nil)
        let query = options.queueRequest.map { [("queueRequest", String($0))] } ?? []
        others["queueRequest"] = nil
        var body = inputs
        if !others.isEmpty {
            guard var members = inputs.objectValue else { throw .invalidCall("The inputs are to be an object.") }
            members["options"] = .object(others)
            body = .object(members)
        }
        var gateway = options.gateway?.headers ?? []
        if let id = options.gateway?.id { gateway.append(("cf-aig-gateway-id", id)) }
        let headers = Self.headers(own: gateway, callers: options.extraHeaders, ownWin: false)
        return placed(
            Call(
                method: .post, path: "/ai/run/" + name.escapedForURL + Self.query(query),
                headers: headers.filter { $0.0 != Self.jsonType.0 } + [Self.jsonType], body: body.serialized()))
    }

    // MARK: Parts

    private func gatewayPath(_ id: String) -> String {
        "/ai-gateway/gateways/" + id.escapedForURL
    }

    /// Puts a path of the transport under the gateway's origin.
    private func placed(_ call: Call) -> Call {
        var call = call
        switch transport {
        case .native: call.path = "/binding" + call.path
        case .rest: call.path = "/client/v4/accounts/\(account)" + call.path
        case .tunnel:
            call.headers.append(("x-forwarded", Self.bindingOrigin + call.path))
            call.path = "/client/v4/accounts/\(account)/ai/run/proxy"
        }
        return call
    }

    /// Of two fields with one name, one goes. Names come in lower case.
    private static func headers(
        own: [(String, String)], callers: [String: String], ownWin: Bool = true
    ) -> [(String, String)] {
        let extra = callers.sorted { $0.key < $1.key }.map { ($0.key.lowercased(), $0.value) }
        let (weak, strong) = ownWin ? (extra, own) : (own, extra)
        return weak.filter { field in !strong.contains { $0.0 == field.0 } } + strong
    }

    private static func query(_ words: [(String, String)]) -> String {
        guard !words.isEmpty else { return "" }
        return "?" + words.map { $0.escapedForURL + "=" + $1.escapedForURL }.joined(separator: "&")
    }
}

extension String {
    /// With everything but letters, digits and `-._~` percent-encoded.
    var escapedForURL: String {
        var escaped = ""
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                escaped += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return escaped
    }
}
