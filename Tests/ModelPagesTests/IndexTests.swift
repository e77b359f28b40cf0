import Domain
import Testing

@testable import ModelPages

@Suite("Model pages: the list")
struct IndexTests {
    private static func model(
        _ id: String, _ modality: Modality = .text, released: String? = nil, capabilities: [String] = [],
        tags: [String] = []
    ) -> Model {
        var page = ModelPage()
        page.tags = tags
        let vendor = id.split(separator: "/")[0]
        return Model(
            id: ModelID(id), provider: ProviderID(String(vendor)), upstreamName: id, name: "Name of \(id)",
            providerName: vendor.uppercased(), family: "f", modality: modality, modalities: [], summary: "About it",
            released: released, capabilities: capabilities, page: page)
    }

    private static let models = [
        model("a/one", released: "2025-01-01", capabilities: ["tools", "reasoning"], tags: ["Coding"]),
        model("a/two", .image, released: "2026-01-01"),
        model("b/three", released: "2024-01-01", capabilities: ["vision"]),
        model("b/four"),
        model("@cf/c/five", .embedding, released: "2026-01-01"),
    ]

    private static func ids(_ index: ModelIndex) -> [String] { index.models(of: models).map(\.id.rawValue) }

    @Test func `the newest stands first, and what has no day last`() {
        #expect(Self.ids(ModelIndex()) == ["a/two", "@cf/c/five", "a/one", "b/three", "b/four"])
        #expect(Self.ids(ModelIndex(order: .oldest)) == ["b/three", "a/one", "a/two", "@cf/c/five", "b/four"])
    }

    @Test(arguments: [
        ("text GENERATION", ["a/one", "b/three", "b/four"]), ("coding", ["a/one"]), ("one two", []),
        ("  ", ["a/two", "@cf/c/five", "a/one", "b/three", "b/four"]), ("about a/", ["a/two", "a/one"]),
    ])
    func `every word must be somewhere`(search: String, found: [String]) {
        #expect(Self.ids(ModelIndex(search: search)) == found)
    }

    @Test func `values of a facet are alternatives, and facets all hold`() {
        #expect(
            Self.ids(ModelIndex(chosen: [.authors: ["A", "c"]])) == ["a/two", "@cf/c/five", "a/one"])
        #expect(
            Self.ids(ModelIndex(chosen: [.capabilities: ["vision", "reasoning"], .authors: ["a"]])) == ["a/one"])
        #expect(Self.ids(ModelIndex(chosen: [.tasks: ["text-to-image"], .providers: ["third-party"]])) == ["a/two"])
        #expect(Self.ids(ModelIndex(chosen: [.tasks: []])).count == 5)
    }

    @Test func `choices are counted as the other facets leave them`() {
        let choices = ModelIndex(chosen: [.authors: ["a"]]).choices(of: Self.models)
        #expect(
            choices[.authors]?.map { "\($0.id) \($0.count) \($0.isChosen)" } == ["a 2 true", "b 2 false", "c 1 false"])
        #expect(
            choices[.capabilities]?.map { "\($0.id) \($0.count)" } == ["function_calling 1", "reasoning 1", "vision 0"])
        #expect(choices[.providers]?.map(\.id) == ["third-party", "cloudflare-hosted"])
        #expect(ModelIndex().choices(of: Array(Self.models.prefix(3)))[.providers] == nil)
    }
}
