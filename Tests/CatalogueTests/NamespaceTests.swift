import Catalogue
import Domain
import Testing

@Suite("Ids of a vendor's own")
struct NamespaceTests {
    private func source(_ text: String, name: String = "hub.yaml") -> CatalogueSource {
        CatalogueSource(name: name, text: text)
    }

    private static let hub = """
        version: 1
        vendor: hub
        namespace: "@h"
        models:
          - {id: "@h/acme/one-1.5", name: One, modality: text, description: d, aliases: [short/one]}

        """

    @Test func `such an id is the vendor's name for the model, and stands behind the vendor's name too`() throws {
        let catalogue = try CatalogueLoader.load(builtIn: [], own: [source(Self.hub)])
        let model = try #require(catalogue.model("@h/acme/one-1.5"))
        #expect(model.provider.rawValue == "hub" && model.upstreamName == "@h/acme/one-1.5")
        #expect(model.aliases == ["short/one", "hub/@h/acme/one-1.5"])
        for name in ["hub/@h/acme/one-1.5", "@H/Acme/ONE-1.5", "short/one"] {
            #expect(catalogue.model(name) === model)
        }
        #expect(catalogue.model("acme/one-1.5") == nil)
    }

    @Test func `an operator's file need not name it again`() throws {
        let own = source(
            """
            version: 2
            vendor: hub
            models:
              - id: "@h/acme/one-1.5"
                name: Mine
              - {id: "@h/acme/two", name: Two, modality: embedding, description: d, upstream: zwei}

            """, name: "own.yaml")
        let catalogue = try CatalogueLoader.load(builtIn: [source(Self.hub)], own: [own])
        #expect(catalogue.model("@h/acme/one-1.5")?.name == "Mine")
        #expect(catalogue.model("@h/acme/two")?.upstreamName == "zwei")
    }

    @Test func `keys may be held to such ids`() throws {
        let model = try #require(Catalogue.builtIn.model("@cf/meta/llama-3.1-8b-instruct"))
        for pattern in ["@cf/*", "@cf/meta/*", model.id.rawValue, "workers-ai/\(model.id)", "text"] {
            #expect(ModelAllowList([pattern]).allows(model))
        }
        #expect(!ModelAllowList(["meta/*"]).allows(model))
    }

    @Test func `hosted models have what a call of them needs`() {
        let hosted = Catalogue.builtIn.models.filter { $0.provider.rawValue == "workers-ai" }
        #expect(hosted.count == 10)
        for model in hosted {
            #expect(model.upstreamName == model.id.rawValue && model.pricing != nil)
            #expect(model.aliases == ["workers-ai/\(model.id)"])
        }
    }
}

@Suite("Tasks of models")
struct CatalogueTaskTests {
    @Test func `every modality has a task, and every task an id of its own`() {
        let all = CatalogueTask.all
        #expect(Set(all.map(\.id)).count == all.count && Set(all.map(\.name)).count == all.count)
        for modality in Modality.allCases { #expect(all.contains(CatalogueTask.of(modality))) }
        for task in all {
            #expect(
                task.id.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/) != nil)
            #expect(!task.summary.isEmpty)
        }
    }

    @Test(arguments: [
        (Modality.text, "Text Generation", "c329a1f9-323d-4e91-b2aa-582dd4188d34"),
        (.embedding, "Text Embeddings", "0137cdcf-162a-4108-94f2-1ca59e8c65ee"),
        (.image, "Text-to-Image", "3d6e1f35-341b-4915-a6c8-9a7142a9033a"),
        (.transcription, "Automatic Speech Recognition", "dfce1c48-2a81-462e-a7fd-de97ce985207"),
        (.rerank, "Text Classification", "19606750-23ed-4371-aab2-c20349b53a60"),
    ])
    func `Cloudflare's tasks have Cloudflare's ids`(modality: Modality, name: String, id: String) {
        #expect(CatalogueTask.of(modality).name == name && CatalogueTask.of(modality).id == id)
        #expect(CatalogueTask.named(name.uppercased()) == CatalogueTask.of(modality))
    }

    @Test func `a name nobody knows is no task`() {
        #expect(CatalogueTask.named("Cooking") == nil)
    }
}
