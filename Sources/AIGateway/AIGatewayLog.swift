/// What a gateway kept of a call.
public struct AIGatewayLog: Hashable, Sendable, Codable {
    public let id: String
    public let provider: String
    public let model: String
    public let modelType: String?
    public let path: String?
    public let durationMilliseconds: Double?
    public let requestType: String?
    public let requestContentType: String?
    public let responseContentType: String?
    public let statusCode: Int?
    public let isSuccess: Bool?
    public let isCached: Bool?
    public let tokensIn: Int?
    public let tokensOut: Int?
    public let metadata: AIValue?
    public let step: Int?
    public let cost: Double?
    public let isCustomCost: Bool?
    public let requestSize: Int?
    public let requestHead: String?
    public let isRequestHeadComplete: Bool?
    public let responseSize: Int?
    public let responseHead: String?
    public let isResponseHeadComplete: Bool?
    /// RFC 3339, UTC.
    public let createdAt: String

    private enum CodingKeys: String, CodingKey {
        case id, provider, model, path, metadata, step, cost
        case modelType = "model_type"
        case durationMilliseconds = "duration"
        case requestType = "request_type"
        case requestContentType = "request_content_type"
        case responseContentType = "response_content_type"
        case statusCode = "status_code"
        case isSuccess = "success"
        case isCached = "cached"
        case tokensIn = "tokens_in"
        case tokensOut = "tokens_out"
        case isCustomCost = "custom_cost"
        case requestSize = "request_size"
        case requestHead = "request_head"
        case isRequestHeadComplete = "request_head_complete"
        case responseSize = "response_size"
        case responseHead = "response_head"
        case isResponseHeadComplete = "response_head_complete"
        case createdAt = "created_at"
    }
}

/// What to change in a log. What is nil stays; `.some(nil)` takes away.
public struct AIGatewayLogPatch: Hashable, Sendable {
    public enum Feedback: Int, Hashable, Sendable {
        case negative = -1
        case positive = 1
    }

    /// 0 to 100.
    public var score: Double??
    public var feedback: Feedback??
    public var metadata: [String: AIValue]??

    public init(score: Double?? = nil, feedback: Feedback?? = nil, metadata: [String: AIValue]?? = nil) {
        self.score = score
        self.feedback = feedback
        self.metadata = metadata
    }

    var value: AIValue {
        var members: [(String, AIValue)] = []
        if let score { members.append(("score", score.map { AIValue($0) } ?? .null)) }
        if let feedback { members.append(("feedback", feedback.map { AIValue($0.rawValue) } ?? .null)) }
        if let metadata {
            members.append(
                ("metadata", metadata.map { .object($0.sorted { $0.key < $1.key }.map { ($0, $1) }) } ?? .null))
        }
        return .object(members)
    }
}
