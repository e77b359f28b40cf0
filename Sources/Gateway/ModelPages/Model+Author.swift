public import Domain

extension Model {
    /// Whether Cloudflare hosts it itself: the ids of such models begin with an @.
    public var isHosted: Bool { id.rawValue.hasPrefix("@") }

    /// Who made it, as its id says: `openai`, or `meta` of `@cf/meta/llama-3.1-8b-instruct`.
    public var author: String {
        let parts = id.rawValue.split(separator: "/")
        return parts.dropFirst(isHosted && parts.count > 2 ? 1 : 0).first.map(String.init) ?? provider.rawValue
    }

    /// The same for people. Of hosted models only the vendor's name is known, which is not their author's.
    public var authorName: String { isHosted ? author : providerName }

    /// As its vendor writes it.
    public var displayName: String { page.displayName ?? name }

    /// The first moment of the day it came out.
    public var createdAt: String? { released.map { $0 + "T00:00:00.000Z" } }
}
