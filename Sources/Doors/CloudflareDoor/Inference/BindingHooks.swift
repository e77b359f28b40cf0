public import Domain

/// What the binding asks for that other routes of this door know. Nil is not served.
public struct BindingHooks: Sendable {
    public typealias Search = @Sendable (CloudflareCall) async throws(GatewayError) -> CloudflareReply
    public typealias Log =
        @Sendable (CloudflareCall, GatewayID, LogID) async throws(GatewayError) -> CloudflareReply

    /// As `GET …/ai/models/search` answers.
    public var searchModels: Search?
    /// As `GET …/logs/{id}` answers.
    public var readLog: Log?
    /// As `PATCH …/logs/{id}` answers, with status 200.
    public var changeLog: Log?

    public init(searchModels: Search? = nil, readLog: Log? = nil, changeLog: Log? = nil) {
        self.searchModels = searchModels
        self.readLog = readLog
        self.changeLog = changeLog
    }
}
