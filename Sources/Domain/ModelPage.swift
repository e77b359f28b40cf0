/// What only a model's page tells; no call depends on it.
public struct ModelPage: Hashable, Sendable {
    public var strengths: [String] = []
    public var useCases: [String] = []
    public var notes: [String] = []
    public var adoption: ModelAdoption?
    public var collections: [String] = []
    /// `free`, `paid` or `frontier`.
    public var tier: String?
    /// The vendor's own page, and its terms.
    public var information: String?
    public var terms: String?
    public var examples: [ModelExample] = []

    public init() {}
}

/// How much a model is used in the wider market, not through this gateway, on a day.
public struct ModelAdoption: Hashable, Sendable {
    public var tokens: Int
    public var requests: Int
    /// Thousandths of a percent of all tokens that are counted.
    public var shareMillipercent: Int
    /// `YYYY-MM-DD`.
    public var asOf: String

    public init(tokens: Int, requests: Int, shareMillipercent: Int, asOf: String) {
        self.tokens = tokens
        self.requests = requests
        self.shareMillipercent = shareMillipercent
        self.asOf = asOf
    }
}

/// A request to a model and what it answered.
public struct ModelExample: Hashable, Sendable {
    public var name: String
    public var summary: String?
    /// A JSON object without `model`.
    public var request: String
    public var response: String?

    public init(name: String, summary: String?, request: String, response: String?) {
        self.name = name
        self.summary = summary
        self.request = request
        self.response = response
    }
}
