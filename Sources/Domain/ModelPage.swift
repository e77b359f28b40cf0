/// What only a model's page tells; no call depends on it.
public struct ModelPage: Hashable, Sendable {
    /// The name as its vendor writes it, where the catalogue's is another.
    public var displayName: String?
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
    /// What it is good at, in a word or two each.
    public var tags: [String] = []
    /// Whether its vendor keeps no data of calls; nil when that is not known.
    public var keepsNoData: Bool?
    /// On what terms `keepsNoData` holds.
    public var dataRetention: String?
    /// The shapes of request it takes, such as `chat-completions`.
    public var requestFormats: [String] = []
    /// The day on which its vendor turns it off, or did: `YYYY-MM-DD`.
    public var shutdownDate: String?
    public var banner: ModelBanner?
    public var examples: [ModelExample] = []

    public init() {}
}

/// A notice at the top of a model's page.
public struct ModelBanner: Hashable, Sendable {
    public var severity: String
    public var title: String
    public var text: String?
    public var link: Link?

    public init(severity: String, title: String, text: String? = nil, link: Link? = nil) {
        self.severity = severity
        self.title = title
        self.text = text
        self.link = link
    }

    /// Where a reader finds more.
    public struct Link: Hashable, Sendable {
        public var url: String
        public var label: String

        public init(url: String, label: String) {
            self.url = url
            self.label = label
        }
    }
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
