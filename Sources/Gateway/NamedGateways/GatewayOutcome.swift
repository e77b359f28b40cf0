public import Domain
public import Metering

/// What became of a call through a gateway. What is said of it is said of refusals too.
public enum GatewayOutcome: Sendable {
    case answered(GatewayAnswer, GatewayFacts)
    /// `vendorAnswer` of the error is set when a vendor refused and its words are to be passed on.
    case refused(GatewayError, GatewayFacts)
}

public struct GatewayAnswer: Sendable {
    public enum Body: Sendable {
        case whole([UInt8])
        case stream(any GatewayStream)
    }

    public var status: Int
    public var contentType: String
    /// Of the vendor's, for its own wire.
    public var headers: [(String, String)]
    public var body: Body

    public init(status: Int, contentType: String, headers: [(String, String)] = [], body: Body) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = body
    }
}

/// A running stream. Its door pulls from it, step by step, until a step that ends it.
public protocol GatewayStream: AnyObject, Sendable {
    func next() async -> GatewayStreamStep
    /// The client left: the vendor is told to stop, and what was used is recorded.
    func clientLeft() async
}

public enum GatewayStreamStep: Sendable {
    /// Send this now, then ask again. The end mark of the wire is among the bytes.
    case bytes([UInt8])
    /// Everything was sent; the record is committed.
    case end
    /// The stream broke after it had begun.
    case failed(GatewayError)
}

/// What answers tell in their header fields.
public struct GatewayFacts: Sendable {
    public enum CacheStatus: String, Hashable, Sendable {
        case hit = "HIT"
        case miss = "MISS"
    }

    public enum KeySource: String, Hashable, Sendable {
        /// The gateway's own key, paid through the wallet.
        case unified = "Unified"
        /// A key of the caller's own.
        case own = "BYOK"
    }

    /// Nil when nothing was logged.
    public var logID: LogID?
    public var eventID: String?
    /// Which step answered, from 0; nil for requests with one thing to try.
    public var step: Int?
    public var cacheStatus: CacheStatus?
    public var provider: String?
    public var model: String?
    public var keySource: KeySource?
    /// What was found in the bodies, as JSON.
    public var dlp: String?
    public var cost: Nanodollars?
    public var rates: RateStanding?
    public var isSandbox = false
    /// What was changed in the request though the client had asked for it.
    public var warning: String?

    public init() {}
}
