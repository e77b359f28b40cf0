import Catalogue
import Domain
import JSON
import Testing

@Suite("Catalogue files: what they say")
struct LoaderTests {
    @Test func `a model needs four facts, and the rest is unknown`() throws {
        let model = try loadOne([])
        #expect(model.upstreamName == "one" && model.family == "one" && model.providerName == "acme")
        #expect(model.modalities == ["text"] && model.capabilities == [] && model.aliases == [])
        #expect(model.contextWindow == nil && model.maximumOutput == nil && model.released == nil)
        #expect(model.pricing == nil && model.priceVersion == nil)
        #expect(model.outputLimitName == .either && model.page == ModelPage())
    }

    @Test(
        "Prices are exact",
        arguments: [
            ("0", 0), ("1.10", 1_100_000_000), ("4.4", 4_400_000_000), ("0.000000001", 1),
            ("10000", 10_000_000_000_000),
            ("0.0375", 37_500_000), ("1.", 1_000_000_000),
        ] as [(String, Int64)])
    func prices(text: String, nanoDollars: Int64) throws {
        // A point needs digits behind it.
        if text == "1." {
            #expect(throws: CatalogueProblems.self) { try priced(text) }
        } else {
            #expect(try priced(text).pricing?.inputPerMillion == nanoDollars)
        }
    }

    private func priced(_ text: String) throws -> Model {
        try loadOne(["pricing: {input_per_1m: \(text), output_per_1m: 1, source: s, as_of: 2025-01-01}"])
    }

    @Test func `every kind of price has its place`() throws {
        let names = ModelPricing.parts.map(\.name)
        let fields = names.enumerated().map {
            "\($0.element): \($0.element == "cache_read_per_1m" ? 0 : $0.offset + 1)"
        }
        let model = try loadOne(["pricing: {\(fields.joined(separator: ", ")), note: n, source: s, as_of: 2025-01-01}"])
        let pricing = try #require(model.pricing)
        #expect(pricing.outputPerMillion == 2_000_000_000 && pricing.cacheReadPerMillion == 0)
        #expect(pricing.cacheWritePerMillion == 4_000_000_000 && pricing.perImage == 5_000_000_000)
        #expect(pricing.perSecond == 6_000_000_000 && pricing.perMinute == 7_000_000_000)
        #expect(pricing.perRequest == 8_000_000_000 && pricing.perThousandCharacters == 9_000_000_000)
        #expect(pricing.note == "n" && pricing.source == "s" && pricing.asOf == "2025-01-01")
    }

    @Test func `ids and aliases are found in any case`() throws {
        let catalogue = try CatalogueLoader.load(builtIn: [], own: [file(["aliases: [other/Name]"])])
        for name in ["acme/one", "ACME/One", "other/name", "OTHER/NAME"] {
            #expect(catalogue.model(name)?.id.rawValue == "acme/one", "\(name)")
        }
        #expect(catalogue.model("one") == nil)
    }

    @Test func `an example's request is the JSON its YAML stands for`() throws {
        let model = try loadOne([
            #"examples: [{name: n, request: {a: 1, b: 1.5, c: "1", d: true, e: null, f: [x, {g: h}]}}]"#
        ])
        let wanted: JSONValue = ["a": 1, "b": 1.5, "c": "1", "d": true, "e": nil, "f": ["x", ["g": "h"]]]
        #expect(try JSONValue(parsing: Array(model.page.examples[0].request.utf8)) == wanted)
    }

    @Test func `the notices of a page are read`() throws {
        let page = try loadOne([
            "released: 2025-01-01", "tags: [Fast, LLM]", "zdr: true", "zdr_comment: On request.",
            "request_formats: [responses, chat-completions]", "shutdown_date: 2026-01-01",
            "banner: {severity: warning, title: Soon gone, text: Use two., link: {url: \"https://a.example\", label: More}}",
        ]).page
        #expect(page.tags == ["Fast", "LLM"] && page.requestFormats == ["responses", "chat-completions"])
        #expect(page.keepsNoData == true && page.dataRetention == "On request." && page.shutdownDate == "2026-01-01")
        let link = ModelBanner.Link(url: "https://a.example", label: "More")
        #expect(
            page.banner == ModelBanner(severity: "warning", title: "Soon gone", text: "Use two.", link: link))
        #expect(try loadOne(["zdr: false"]).page.keepsNoData == false)
        #expect(try loadOne(["banner: {severity: info, title: New}"]).page.banner?.link == nil)
    }

    @Test func `an operator's file gives a built-in model the fields it names and leaves the rest`() throws {
        let builtIn = file(["context_window: 5", "released: 2025-01-01"])
        let own = CatalogueSource(
            name: "own.yaml",
            text: """
                version: mine
                vendor: acme
                models:
                  - id: acme/one
                    context_window: 7
                    released: null
                    pricing: {input_per_1m: 1, output_per_1m: 2, source: contract, as_of: 2026-01-01}
                """)
        let catalogue = try CatalogueLoader.load(builtIn: [builtIn], own: [own])
        let model = try #require(catalogue.model("acme/one"))
        #expect(catalogue.models.count == 1)
        #expect(model.name == "One" && model.contextWindow == 7 && model.released == nil)
        #expect(model.pricing?.outputPerMillion == 2_000_000_000)
        #expect(model.priceVersion?.hasPrefix("mine+") == true)
    }

    @Test func `a mistake in an overriding field is the operator's`() {
        let own = CatalogueSource(
            name: "own.yaml", text: "version: 1\nvendor: acme\nmodels:\n  - {id: acme/one, tier: gold}\n")
        #expect(
            problems(builtIn: [file()], own: [own]) == [
                "own.yaml:4: acme/one: tier must be one of free, paid, frontier"
            ])
    }

    @Test func `the price version follows the file's own version and every byte of it`() throws {
        let price = ["pricing: {input_per_1m: 1, output_per_1m: 2, source: s, as_of: 2026-01-01}"]
        func version(_ source: CatalogueSource) throws -> String? {
            try CatalogueLoader.load(builtIn: [], own: [source]).models[0].priceVersion
        }
        let first = try version(file(price))
        #expect(first?.wholeMatch(of: /1\+[0-9a-f]{12}/) != nil)
        #expect(try version(file(price)) == first)
        #expect(try version(file(price, version: "2")) != first)
        #expect(try version(file(price + ["tier: paid"])) != first)
    }
}
