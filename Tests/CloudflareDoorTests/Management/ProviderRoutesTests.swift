import Domain
import HTTPCore
import JSON
import MemoryStores
import Telemetry
import Testing

@testable import CloudflareDoor

@Suite("Cloudflare's surface: providers", .timeLimit(.minutes(1)))
struct ProviderRoutesTests {
    private let house: ManagementHouse
    private let admin: String
    private let member: String

    init() throws {
        house = try ManagementHouse()
        admin = try house.key(.admin)
        member = try house.key(.member)
    }

    private static let secret = "sk-vendor-0123456789"

    @Test func `a stored key is made, listed, turned and deleted, and never shown`() async throws {
        // As the official client sends it.
        let made = try await house.ask(
            "POST /gateways/default/provider_configs", as: admin,
            [
                "alias": "default", "default_config": true, "provider_slug": "openai",
                "secret": .string(Self.secret), "secret_id": "",
            ])
        #expect(made.status == 200)
        #expect(
            made.result?.objectValue?.keys == [
                "id", "alias", "default_config", "gateway_id", "provider_slug", "secret_id", "secret_preview",
                "rate_limit", "rate_limit_period", "created_at", "modified_at",
            ])
        #expect(made["gateway_id"] == "default" && made["secret_preview"] == "6789")
        let id = try #require(made["id"]?.stringValue)
        let path = "/gateways/default/provider_configs"
        let list = try await house.ask("GET \(path)", as: member)
        #expect(list.result == .array([made.result ?? .null]) && list.json["result_info"]?["total_count"] == 1)
        #expect(try await house.ask("GET \(path)?page=2", as: member).result == [])
        let turned = try await house.ask(
            "PUT \(path)/\(id)", as: admin, ["secret": "sk-vendor-turned-abcdef", "alias": "blue"])
        #expect(turned["secret_preview"] == "cdef" && turned["alias"] == "blue")
        #expect(try await house.ask("GET \(path)/\(id)", as: member).json == turned.json)
        let wrong = try await house.ask("POST \(path)", as: admin, ["provider_slug": "opnai", "secret": "s"])
        #expect(wrong.status == 400 && wrong.pointer == "/provider_slug")
        #expect(wrong.text.contains("did you mean openai?"))
        #expect(try await house.ask("GET /gateways/none/provider_configs", as: member).status == 404)
        let gone = try await house.ask("DELETE \(path)/\(id)", as: admin)
        #expect(gone.json == turned.json)
        #expect(try await house.ask("GET \(path)/\(id)", as: member).status == 404)
        for answer in [made, list, turned, gone] { #expect(!answer.text.contains("sk-vendor")) }
        #expect(house.collector.lines.allSatisfy { !$0.contains("sk-vendor") })
    }

    @Test func `a custom provider is made, searched, changed and deleted`() async throws {
        let made = try await house.ask(
            "POST /custom-providers", as: admin,
            [
                "base_url": "https://llm.example.com", "name": "Mine", "slug": "mine", "enable": true,
                "headers": #"{"Authorization":"Bearer custom-0123456789"}"#,
            ])
        #expect(made.status == 200 && made["slug"] == "mine" && made["enable"] == true && made["beta"] == false)
        #expect(made["headers"] == #"{"Authorization":"********6789"}"#)
        #expect(made["created_at"] == "2026-05-20T12:00:00.000Z")
        let id = try #require(made["id"]?.stringValue)
        #expect(try await house.ask("GET /custom-providers/\(id)", as: member).json == made.json)
        for (query, count) in [
            ("", 1), ("search=MIN", 1), ("search=gone", 0), ("enable=true", 1), ("enable=False", 0), ("beta=true", 0),
        ] {
            let list = try await house.ask("GET /custom-providers?\(query)", as: member)
            #expect(list.result?.arrayValue?.count == count, "\(query)")
            #expect(list.json["result_info"]?["total_count"]?.intValue == count)
        }
        #expect(try await house.ask("GET /custom-providers?enable=1", as: member).status == 400)
        let changed = try await house.ask("PATCH /custom-providers/\(id)", as: admin, ["description": "d"])
        #expect(changed["description"] == "d" && changed["enable"] == true)
        let own = try await house.ask(
            "PATCH /custom-providers/\(id)", as: admin, ["base_url": "https://169.254.169.254"])
        #expect(own.status == 400 && own.pointer == "/base_url")
        let twice = try await house.ask(
            "POST /custom-providers", as: admin,
            ["base_url": "https://a.example", "name": "Other", "slug": "mine"])
        #expect(twice.status == 409)
        let gone = try await house.ask("DELETE /custom-providers/\(id)", as: admin)
        #expect(gone.json == changed.json)
        #expect(try await house.ask("GET /custom-providers/\(id)", as: member).status == 404)
    }
}
