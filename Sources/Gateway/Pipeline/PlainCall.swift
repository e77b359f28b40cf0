public import Domain
public import HTTPClient
public import JSON
public import Telemetry

/// A request in a vendor's own wire, which goes there and comes back byte for byte.
public struct PlainCall: Sendable {
    /// Credentials of the gateway's own included.
    public var template: RequestTemplate
    /// What is passed on of the client's, credentials of its own included.
    public var headers: [(String, String)]
    public var provider: ProviderID
    public var isSandbox: Bool
    /// Nil where the catalogue does not know it, or the request asks none.
    public var model: Model?
    /// As the request names it; what it asks for where it names none.
    public var modelName: String
    /// The vendor bills the caller.
    public var isOnOwnKey: Bool
    /// What the vendor is let in with, to keep it out of what callers are told.
    public var vendorKey: Secret?
    /// No fewer tokens than the vendor will count.
    public var promptBound: Int
    /// Of the request's text, for an estimate where the vendor tells nothing.
    public var promptBytes: Int
    /// Nil for as much as the model makes.
    public var outputBound: Int?
    /// Nil where nothing is counted on that wire.
    public var reader: (any PlainUsageReader)?

    public init(
        template: RequestTemplate, headers: [(String, String)], provider: ProviderID, isSandbox: Bool, model: Model?,
        modelName: String, isOnOwnKey: Bool, vendorKey: Secret?, promptBound: Int, promptBytes: Int, outputBound: Int?,
        reader: (any PlainUsageReader)?
    ) {
        self.template = template
        self.headers = headers
        self.provider = provider
        self.isSandbox = isSandbox
        self.model = model
        self.modelName = modelName
        self.isOnOwnKey = isOnOwnKey
        self.vendorKey = vendorKey
        self.promptBound = promptBound
        self.promptBytes = promptBytes
        self.outputBound = outputBound
        self.reader = reader
    }
}

/// Reads what an answer used, whole or piece by piece.
public protocol PlainUsageReader: Sendable {
    /// Of a stream, what came next.
    mutating func feed(_ bytes: [UInt8], scanner: JSONScanner)
    mutating func finish(scanner: JSONScanner)
    mutating func read(whole answer: [UInt8], scanner: JSONScanner)
    /// What has been counted so far, and what is to be thought of it.
    func settled(promptEstimate: Int) -> (usage: TokenUsage, source: UsageSource)
    /// Whether the answer has come to its own end, for streams that may also break off.
    var hasEnded: Bool { get }
}

/// What a vendor answered, its own header fields included.
public struct PlainReply: Sendable {
    public enum Body: Sendable {
        case whole([UInt8])
        case stream(PlainStream)
    }

    public let status: Int
    public let headers: [(String, String)]
    public let body: Body
    public let route: RouteTaken
}
