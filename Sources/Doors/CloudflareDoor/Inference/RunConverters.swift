public import Domain
public import JSON
public import NamedGateways

/// How the input of a run becomes a request of OpenAI's wire, and the answer what a run gives.
public struct RunConverters: Sendable {
    /// - Parameters:
    ///   - model: As the caller named it.
    ///   - known: The same, if the catalogue has it.
    ///   - input: A JSON object.
    public typealias Convert =
        @Sendable (
            _ model: String, _ known: Model?, _ input: [UInt8], _ scanner: JSONScanner
        ) throws(GatewayError) -> RunConversion

    public let convert: Convert

    public init(_ convert: @escaping Convert) {
        self.convert = convert
    }
}

/// One input as a request, and how its answer is to be turned back.
public struct RunConversion: Sendable {
    public typealias Whole =
        @Sendable (
            _ answer: [UInt8], _ keySource: GatewayFacts.KeySource?, _ scanner: JSONScanner
        ) throws(GatewayError) -> [UInt8]
    public typealias Stream =
        @Sendable (_ stream: any GatewayStream, _ scanner: JSONScanner) -> any GatewayStream

    public var operation: GatewayStep.Operation
    /// Names its model.
    public var body: [UInt8]
    /// Makes a whole answer of OpenAI's wire what the run gives. Called for answers in JSON only.
    public var whole: Whole
    /// Makes a stream of OpenAI's wire the run's. Called on the loop of the request, to which the scanner belongs.
    public var stream: Stream

    public init(
        operation: GatewayStep.Operation, body: [UInt8], whole: @escaping Whole,
        stream: @escaping Stream = { stream, _ in stream }
    ) {
        self.operation = operation
        self.body = body
        self.whole = whole
        self.stream = stream
    }
}
