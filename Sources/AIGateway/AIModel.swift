/// A model of the catalogue.
public struct AIModel: Hashable, Sendable, Codable {
    public struct Task: Hashable, Sendable, Codable {
        public let id: String
        public let name: String
        public let description: String
    }

    public struct Property: Hashable, Sendable, Codable {
        public let id: String
        public let value: AIValue

        private enum CodingKeys: String, CodingKey {
            case id = "property_id"
            case value
        }
    }

    public let id: String
    /// 1 for models the gateway runs itself, 2 for those of vendors.
    public let source: Int
    public let name: String
    public let description: String?
    public let task: Task?
    public let tags: [String]?
    public let properties: [Property]?
    public let createdAt: String?

    private enum CodingKeys: String, CodingKey {
        case id, source, name, description, task, tags, properties
        case createdAt = "created_at"
    }
}

/// Which models to list.
public struct AIModelSearch: Hashable, Sendable {
    public var author: String?
    public var hidesExperimental: Bool?
    public var page: Int?
    public var perPage: Int?
    public var text: String?
    public var source: Int?
    /// The name of a task.
    public var task: String?

    public init(
        author: String? = nil, hidesExperimental: Bool? = nil, page: Int? = nil, perPage: Int? = nil,
        text: String? = nil, source: Int? = nil, task: String? = nil
    ) {
        self.author = author
        self.hidesExperimental = hidesExperimental
        self.page = page
        self.perPage = perPage
        self.text = text
        self.source = source
        self.task = task
    }

    var words: [(String, String)] {
        let all: [(String, String?)] = [
            ("author", author), ("hide_experimental", hidesExperimental.map(String.init)),
            ("page", page.map(String.init)), ("per_page", perPage.map(String.init)), ("search", text),
            ("source", source.map(String.init)), ("task", task),
        ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }
}
