public import Domain
public import HTTPCore
public import Metering

/// A call that has passed its door: who asks, and what, still as bytes.
public struct InferenceCall: Sendable {
    public let requestID: RequestID
    public let principal: Principal
    public var body: [UInt8]
    /// Nanoseconds of the monotonic clock when the request had arrived.
    public let arrivedAt: UInt64
    /// As the client sent them. None is passed on but orders for the simulator.
    public let headers: HeaderFields
    /// Of the named gateway the call goes through.
    public var orders: CallOrders

    public init(
        requestID: RequestID, principal: Principal, body: [UInt8], arrivedAt: UInt64,
        headers: HeaderFields = HeaderFields(), orders: CallOrders = CallOrders()
    ) {
        self.requestID = requestID
        self.principal = principal
        self.body = body
        self.arrivedAt = arrivedAt
        self.headers = headers
        self.orders = orders
    }
}

/// What a call came to. Its record is committed when it is whole.
public enum ChatReply: Sendable {
    case whole(body: [UInt8], route: RouteTaken)
    case stream(ChatStream, route: RouteTaken)
}

/// Which way a call went, for the answer's header fields.
public struct RouteTaken: Sendable {
    public let model: ModelID
    public let provider: ProviderID
    public let isSandbox: Bool
    public let isOnOwnKey: Bool
    /// How often the provider was asked.
    public let attempts: Int
    /// What was changed in the request though the client had asked for it; nil when nothing was.
    public let warning: String?
    /// What is left of the tightest limits, when there are any.
    public let rates: RateStanding
    /// Nil for a stream, whose end is not known yet.
    public var bill: CallBill?
}

/// What a call used, and who pays for it.
public struct CallBill: Hashable, Sendable {
    public let usage: TokenUsage
    public let charge: Charge

    /// Nil where no price is known.
    public var cost: Nanodollars? { charge.knownCost }
    /// Prompt tokens from the vendor's cache that lowered the cost.
    public var cachedTokens: Int { charge.prices?.cacheRead == nil ? 0 : usage.cachedPromptTokens }
}
