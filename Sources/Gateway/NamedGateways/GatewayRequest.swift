public import Domain
public import HTTPCore
public import Telemetry

/// A call that has passed its door: who asks, through which gateway, and what is to be tried in which order.
public struct GatewayRequest: Sendable {
    public var requestID: RequestID
    /// Nanoseconds of the monotonic clock when the request had arrived.
    public var arrivedAt: UInt64
    /// Whose gateway it is.
    public var account: Account
    /// Nil for callers of a gateway that asks for no key: they can call with vendor keys of their own alone.
    public var principal: Principal?
    /// Nil for models that need none: nothing is cached, limited or logged then.
    public var gateway: GatewayID?
    /// Whether a gateway of that name may be made when there is none; `default` always may.
    public var controls: GatewayControls
    public var steps: [GatewayStep]
    /// Whether the steps' places are told and logged.
    public var isUniversal: Bool
    /// As the client sent them. None is passed on but orders for the simulator.
    public var headers: HeaderFields
    /// For the log.
    public var path: String
    public var kind: Kind

    public enum Kind: Hashable, Sendable {
        /// `ai/run`, `ai/v1/…` and the binding: answers in the normal form, blocked ones with 422.
        case run
        /// `compat/…` of the gateway host.
        case compat
        /// A vendor's own wire, one step or several.
        case native
    }

    public init(
        requestID: RequestID, arrivedAt: UInt64, account: Account, principal: Principal?, gateway: GatewayID?,
        controls: GatewayControls = GatewayControls(), steps: [GatewayStep], isUniversal: Bool = false,
        headers: HeaderFields = HeaderFields(), path: String, kind: Kind
    ) {
        self.requestID = requestID
        self.arrivedAt = arrivedAt
        self.account = account
        self.principal = principal
        self.gateway = gateway
        self.controls = controls
        self.steps = steps
        self.isUniversal = isUniversal
        self.headers = headers
        self.path = path
        self.kind = kind
    }
}

/// One of the things to try.
public struct GatewayStep: Sendable {
    public enum Target: Hashable, Sendable {
        /// A model in the catalogue, `custom-{slug}/{model}` or `dynamic/{route}`; its body is OpenAI's and names it.
        case model(String, Operation)
        /// A vendor's own wire. The path stands behind the vendor's base, without a slash before it, its query included.
        case native(provider: String, method: String, path: String)
    }

    public enum Operation: Hashable, Sendable {
        case chat, embeddings, responses
    }

    public var target: Target
    public var body: [UInt8]
    /// What is passed on to the vendor, credentials of the caller's own included.
    public var headers: [(String, String)]
    /// The vendor key among those headers, so that the gateway knows there is one.
    public var vendorKey: Secret?
    public var controls: GatewayControls

    public init(
        _ target: Target, body: [UInt8], headers: [(String, String)] = [], vendorKey: Secret? = nil,
        controls: GatewayControls = GatewayControls()
    ) {
        self.target = target
        self.body = body
        self.headers = headers
        self.vendorKey = vendorKey
        self.controls = controls
    }
}
