import OperatingSystem

/// How calls reach the gateway.
public enum AITransport: String, Hashable, Sendable, CaseIterable {
    /// The routes of the binding, under `/binding`.
    case native
    /// The same, through the tunnel of the REST API.
    case tunnel
    /// The REST API.
    case rest
}

/// How long each part of a call may take. Zero means no limit.
public struct AITimeouts: Hashable, Sendable {
    public var connect: Duration
    /// From the start of the call to the header of its answer.
    public var firstByte: Duration
    /// Between two pieces of the answer.
    public var idle: Duration
    public var total: Duration

    public init(
        connect: Duration = .seconds(5), firstByte: Duration = .seconds(120), idle: Duration = .seconds(60),
        total: Duration = .seconds(600)
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }
}

extension AI {
    /// The gateway that `AIGATEWAY_BASE_URL` and `AIGATEWAY_API_KEY` name.
    ///
    /// Call it before anything in the process changes its environment.
    public static func fromEnvironment(transport: AITransport = .native) throws(AIError) -> AI {
        let environment = Environment.takenAtStart()
        guard let base = environment["AIGATEWAY_BASE_URL"] else {
            throw .invalidCall("AIGATEWAY_BASE_URL is not set.")
        }
        guard let key = environment["AIGATEWAY_API_KEY"] else {
            throw .invalidCall("AIGATEWAY_API_KEY is not set.")
        }
        return try AI(baseURL: base, apiKey: key, transport: transport)
    }
}
