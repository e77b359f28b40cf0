import Catalogue
import Domain
import HTTPCore
import JSON
import ModelPages
import Testing

@testable import CloudflareDoor

@Suite("Cloudflare's surface: models", .timeLimit(.minutes(1)))
struct ModelRoutesTests {
    private let house: ManagementHouse
    private let key: String

    init() throws {
        house = try ManagementHouse()
        key = try house.key(.keyOnly)
    }

    private static let ai = "/client/v4/accounts/acc_acme/ai"

    private func search(_ query: String = "") async throws -> ManagementHouse.Answer {
        try await house.ask("GET \(Self.ai)/models/search?\(query)", as: key)
    }

    private func names(_ query: String) async throws -> [String] {
        try await search(query).result?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
    }

    @Test func `a model is found with everything clients read`() async throws {
        let found = try await search("search=o4-mini%20openai")
        let model = try #require(found.result?.arrayValue?.first { $0["name"] == "openai/o4-mini" })
        #expect(
            model.objectValue?.keys == [
                "id", "source", "name", "description", "task", "tags", "properties", "created_at",
            ])
        #expect(model["id"]?.stringValue == StableUUID.of(.model, "openai/o4-mini") && model["source"] == 2)
        #expect(model["task"]?.objectValue?.keys == ["id", "name", "description"])
        let properties = model["properties"]?.arrayValue ?? []
        #expect(properties.first == ["property_id": "context_window", "value": "200000"])
        let price = properties.first { $0["property_id"] == "price" }
        #expect(price?["value"]?[0] == ["unit": "per M input tokens", "price": 1.1, "currency": "USD"])
        for id in ["function_calling", "reasoning", "vision"] {
            #expect(properties.contains { $0 == ["property_id": .string(id), "value": "true"] }, "\(id)")
        }
    }

    @Test func `pages are exactly as long as asked for, and the last one is shorter`() async throws {
        let total = Catalogue.builtIn.models.count
        var seen = 0
        for page in 1... {
            let answer = try await search("per_page=50&page=\(page)&include_deprecated=true")
            let count = try #require(answer.result?.arrayValue?.count)
            #expect(count == min(50, total - seen) && answer.json["result_info"]?["total_count"]?.intValue == total)
            seen += count
            if count < 50 { break }
        }
        #expect(seen == total)
        #expect(try await search("per_page=50&page=99").result == [])
    }

    @Test func `each filter holds`() async throws {
        let own = try await names("author=openai&per_page=100")
        #expect(own.contains("openai/o4-mini") && own.allSatisfy { Catalogue.builtIn.model($0)?.author == "openai" })
        #expect(try await names("source=1&per_page=100").allSatisfy { $0.hasPrefix("@cf/") })
        #expect(try await !names("source=1.0").isEmpty)
        #expect(try await names("source=2&per_page=100").allSatisfy { !$0.hasPrefix("@cf/") })
        let embeddings = try await names("task=Text%20Embeddings&per_page=100")
        #expect(!embeddings.isEmpty)
        #expect(embeddings.allSatisfy { Catalogue.builtIn.model($0)?.modality == .embedding })
        #expect(try await names("search=no-such-model").isEmpty)
        let all = try await names("per_page=100")
        let settled = try await names("hide_experimental=true&per_page=100")
        #expect(settled.allSatisfy { Catalogue.builtIn.model($0)?.isExperimental == false } && !all.isEmpty)
        for query in ["source=3", "source=x", "hide_experimental=maybe", "format=csv", "per_page=101"] {
            #expect(try await search(query).status == 400, "\(query)")
        }
    }

    @Test(arguments: [("2026-11-29", true, true), ("2026-12-01", false, true), ("2027-04-01", false, false)])
    func `a model that was turned off is told for three months to those who ask`(
        today: String, isListed: Bool, isAskedFor: Bool
    ) async throws {
        let ended = try #require(Catalogue.builtIn.models.first { $0.page.shutdownDate == "2026-11-30" })
        let day = try #require(CalendarDay(today))
        let routes = ModelSearchRoutes(catalogue: { .builtIn }, today: { day }).routes
        let answers = try await house.ask(
            ["", "include_deprecated=true"].map {
                "GET \(Self.ai)/models/search?per_page=100&search=\(ended.id)&\($0)"
            },
            as: key, routes)
        let found = answers.map { $0.result?.arrayValue?.contains { $0["name"] == .string(ended.id.rawValue) } }
        #expect(found == [isListed, isAskedFor])
    }

    @Test func `OpenRouter's form is in data and result, all on one page`() async throws {
        let list = try await search("format=openrouter&search=openai/o4-mini")
        #expect(list.json["data"] == list.json["result"])
        let model = try #require(list.json["data"]?.arrayValue?.first { $0["id"] == "openai/o4-mini" })
        #expect(model["name"] == "OpenAI: o4-mini" && model["context_length"] == 200_000)
        #expect(model["pricing"]?["prompt"] == "0.0000011" && model["pricing"]?["completion"] == "0.0000044")
        let all = try await search("format=openrouter")
        #expect(all.result?.arrayValue?.count ?? 0 > 100)
        #expect(try await search("format=openrouter&page=2").result == [])
    }

    @Test func `a schema is that of the model's page`() async throws {
        let schema = try await house.ask("GET \(Self.ai)/models/schema?model=openai%2Fo4-mini", as: key)
        #expect(schema.result?.objectValue?.keys == ["input", "output"])
        let page = try await house.ask("GET /ai/models/openai/o4-mini/schema-input.json")
        #expect(schema["input"] == page.json)
        let missing = try await house.ask("GET \(Self.ai)/models/schema", as: key)
        #expect(missing.status == 400 && missing.code == 7001)
        let unknown = try await house.ask("GET \(Self.ai)/models/schema?model=openai/none", as: key)
        #expect(unknown.status == 404 && unknown.code == 7003)
    }

    @Test func `tasks and authors are whole lists`() async throws {
        let tasks = try await house.ask("GET \(Self.ai)/tasks/search", as: key)
        #expect(tasks.result?.arrayValue?.contains { $0["name"] == "Text Generation" } == true)
        let authors = try await house.ask("GET \(Self.ai)/authors/search", as: key)
        #expect(authors.result?.arrayValue?.contains { $0["name"] == "openai" } == true)
        let names = authors.result?.arrayValue?.map { $0["name"] } ?? []
        #expect(Set(names).count == names.count)
    }

    @Test func `what is not done here is said`() async throws {
        for path in ["finetunes", "finetunes/public", "tomarkdown/supported"] {
            let answer = try await house.ask("GET \(Self.ai)/\(path)", as: key)
            #expect(answer.status == 200 && answer.result == [])
        }
        let member = try house.key(.member)
        for path in ["finetunes", "finetunes/x/finetune-assets", "tomarkdown"] {
            let answer = try await house.ask("POST \(Self.ai)/\(path)", as: member, bytes: Array("--x".utf8))
            #expect(answer.status == 400 && answer.code == 7001)
        }
    }

    @Test func `no key, no search`() async throws {
        for path in ["models/search", "models/schema", "tasks/search", "authors/search", "finetunes"] {
            let answer = try await house.ask("GET \(Self.ai)/\(path)")
            #expect(answer.status == 401 && answer.code == 10000)
        }
    }

    // MARK: Pages

    @Test func `the list is open to everybody and can be kept`() async throws {
        let list = try await house.ask("GET /ai/models")
        #expect(list.status == 200 && list.headers.first("cache-control") == "public, max-age=300")
        #expect(list.json["total_count"]?.intValue == Catalogue.builtIn.models.count)
        #expect(list.json["facets"]?.objectValue?.keys == ["tasks", "capabilities", "providers", "authors"])
        #expect(list.json["sort"] == "newest")
        let some = try await house.ask(
            "GET /ai/models?authors=openai,google&capabilities=vision&tasks=Text%20Generation&search=mini&sort=oldest")
        let models = some.json["models"]?.arrayValue ?? []
        #expect(models.contains { $0["model_id"] == "openai/o4-mini" })
        #expect(models.allSatisfy { ["openai", "google"].contains($0["provider_id"]) })
        #expect(
            models.allSatisfy { $0["capabilities"]?.arrayValue?.contains("vision") == true })
        let dates = models.compactMap { $0["created_at"]?.stringValue }
        #expect(dates == dates.sorted())
        #expect(try await house.ask("GET /ai/models?sort=best").status == 400)
    }

    @Test func `a model is a record, under each spelling of its address`() async throws {
        let record = try await house.ask("GET /ai/models/openai/o4-mini")
        #expect(record.status == 200 && record.json["model_id"] == "openai/o4-mini")
        #expect(record.json["examples"]?.arrayValue?.count == 5)
        #expect(try await house.ask("GET /ai/models/openai%2Fo4-mini").json == record.json)
        let output = try await house.ask("GET /ai/models/openai/o4-mini/schema-output.json")
        #expect(output.json == record.json["schema"]?["output"])
        for path in ["openai/none", "openai/o4-mini/sync-input.json", "openai/o4-mini/x", "x"] {
            let missing = try await house.ask("GET /ai/models/\(path)")
            #expect(missing.status == 404 && missing.code == 7002, "\(path)")
        }
    }

    @Test func `a model that is called in several ways has a file for each`() async throws {
        let hosted = try #require(Catalogue.builtIn.models.first { $0.isHosted && $0.modality == .text })
        for mode in ["sync", "streaming"] {
            for end in ["input", "output"] {
                let file = try await house.ask("GET /ai/models/\(hosted.id)/\(mode)-\(end).json")
                #expect(file.status == 200 && file.json["$schema"]?.stringValue != nil)
            }
        }
        #expect(try await house.ask("GET /ai/models/\(hosted.id)/batch-input.json").status == 404)
    }
}

extension ManagementHouse {
    /// Asks a door of these routes alone.
    func ask(_ targets: [String], as key: String, _ routes: [CloudflareRoute]) async throws -> [Answer] {
        let door = self.door(routes)
        var answers: [Answer] = []
        for target in targets { answers.append(try await ask(target, as: key, bytes: [], of: door)) }
        return answers
    }
}
