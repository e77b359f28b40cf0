import Domain
import HTTPCore
import JSON
import SQLiteLogs
import Testing

@testable import CloudflareDoor

@Suite("Cloudflare's surface: datasets and evaluations", .timeLimit(.minutes(1)))
struct EvaluationRoutesTests {
    private let house: ManagementHouse
    private let admin: String
    private let member: String

    init() throws {
        house = try ManagementHouse()
        admin = try house.key(.admin)
        member = try house.key(.member)
    }

    private static let datasets = "/gateways/default/datasets"
    private static let evaluations = "/gateways/default/evaluations"
    private static let datasetKeys = ["id", "gateway_id", "name", "enable", "filters", "created_at", "modified_at"]
    private static let filters: JSONValue = [["key": "provider", "operator": "eq", "value": ["openai"]]]

    private func dataset(_ name: String = "d") async throws -> ManagementHouse.Answer {
        try await house.ask(
            "POST \(Self.datasets)", as: admin,
            ["enable": true, "filters": Self.filters, "name": .string(name)])
    }

    private func log(_ number: Int, at seconds: Int64 = 1_779_278_000, provider: String = "openai") {
        var entry = GatewayLogEntry(
            id: LogID("01K" + String(repeating: "0", count: 20) + String(100 + number)),
            account: ManagementHouse.acme, gateway: GatewaySettings.defaultID, createdAt: Timestamp(seconds: seconds),
            requestID: RequestID("req_\(number)"), provider: provider, model: "\(provider)/m", path: "p",
            durationMilliseconds: 100, statusCode: 200, isSuccess: number % 2 == 0)
        entry.cost = Nanodollars(1_000_000)
        entry.tokensIn = 3
        entry.tokensOut = 4
        entry.isCached = number == 0
        house.logs.store.append(entry, bodies: nil)
    }

    @Test func `a dataset is made, listed, changed and deleted`() async throws {
        let made = try await dataset()
        #expect(made.status == 200 && made.result?.objectValue?.keys == Self.datasetKeys)
        #expect(made["filters"] == Self.filters && made["enable"] == true && made["gateway_id"] == "default")
        let id = try #require(made["id"]?.stringValue)
        #expect(try await house.ask("GET \(Self.datasets)/\(id)", as: member).json == made.json)
        for (query, count) in [
            ("", 1), ("name=d", 1), ("name=e", 0), ("enable=false", 0), ("enable=True", 1), ("search=OPEN", 1),
            ("page=2", 0),
        ] {
            let list = try await house.ask("GET \(Self.datasets)?\(query)", as: member)
            #expect(list.status == 200 && list.result?.arrayValue?.count == count, "\(query)")
        }
        let changed = try await house.ask(
            "PUT \(Self.datasets)/\(id)", as: admin, ["enable": false, "filters": [], "name": "x"])
        #expect(changed["name"] == "x" && changed["filters"] == [] && changed["enable"] == false)
        #expect(try await house.ask("DELETE \(Self.datasets)/\(id)", as: admin).json == changed.json)
        #expect(try await house.ask("GET \(Self.datasets)/\(id)", as: member).code == 7002)
        let wrong = try await house.ask("POST \(Self.datasets)", as: admin, ["name": "n", "enable": true])
        #expect(wrong.status == 400 && wrong.code == 7001 && wrong.pointer == "/filters")
    }

    @Test func `the types are three, on as many pages as asked for`() async throws {
        let all = try await house.ask("GET /evaluation-types", as: member)
        #expect(all.result?.arrayValue?.map { $0["type"] } == ["cost", "speed", "human_feedback"])
        #expect(
            all.result?[0]?.objectValue?.keys == [
                "id", "name", "type", "description", "enable", "mandatory", "created_at", "modified_at",
            ])
        let second = try await house.ask("GET /evaluation-types?page=2&per_page=2", as: member)
        #expect(second.result?.arrayValue?.count == 1 && second.json["result_info"]?["total_pages"] == 2)
        #expect(try await house.ask("GET /evaluation-types?page=3&per_page=2", as: member).result == [])
        let ordered = try await house.ask("GET /evaluation-types?order_by=name&order_by_direction=desc", as: member)
        #expect(ordered.result?.arrayValue?.map { $0["name"] } == ["Speed", "Human feedback", "Cost"])
        #expect(try await house.ask("GET /evaluation-types?order_by=age", as: member).status == 400)
        #expect(try await house.ask("GET /evaluation-types?order_by_direction=up", as: member).status == 400)
    }

    @Test func `an evaluation is answered at once and worked on later`() async throws {
        for number in 0..<3 { log(number) }
        log(9, provider: "google")
        let types = try await house.ask("GET /evaluation-types", as: member).result?.arrayValue ?? []
        let set = try #require(try await dataset()["id"])
        let made = try await house.ask(
            "POST \(Self.evaluations)", as: admin,
            ["name": "e", "dataset_ids": [set], "evaluation_type_ids": .array(types.map { $0["id"] ?? .null })])
        #expect(
            made.result?.objectValue?.keys == [
                "id", "name", "gateway_id", "created_at", "modified_at", "processed", "total_logs", "datasets",
                "results",
            ])
        #expect(made["processed"] == false && made["total_logs"] == 0)
        #expect(made["datasets"]?[0]?.objectValue?.keys == Self.datasetKeys + ["account_id", "account_tag"])
        #expect(
            made["results"]?[0]?.objectValue?.keys == [
                "id", "evaluation_id", "evaluation_type_id", "created_at", "modified_at", "result", "status",
                "status_description", "total_logs",
            ])
        #expect(made["results"]?[0]?["status"] == 0 && made["results"]?[0]?["result"] == "")
        let id = try #require(made["id"]?.stringValue)
        #expect(
            try await house.ask("GET \(Self.evaluations)?processed=true", as: member).result == [])
        await house.work.doAll()
        let done = try await house.ask("GET \(Self.evaluations)/\(id)", as: member)
        #expect(done["processed"] == true && done["total_logs"] == 3)
        #expect(done["results"]?.arrayValue?.map { $0["status"] } == [2, 2, 2])
        #expect(done["results"]?.arrayValue?.map { $0["result"] } == ["0.001", "100", ""])
        #expect(
            try await house.ask("GET \(Self.evaluations)?processed=true", as: member).result?.arrayValue?.count == 1)
        #expect(try await house.ask("DELETE \(Self.evaluations)/\(id)", as: admin).json == done.json)
        #expect(try await house.ask("GET \(Self.evaluations)/\(id)", as: member).status == 404)
    }

    @Test func `members look and admins change, each in their own account`() async throws {
        let id = try #require(try await dataset()["id"]?.stringValue)
        for target in [
            "POST \(Self.datasets)", "PUT \(Self.datasets)/\(id)", "DELETE \(Self.datasets)/\(id)",
            "POST \(Self.evaluations)", "DELETE \(Self.evaluations)/x",
        ] {
            #expect(try await house.ask(target, as: member, [:]).status == 403, "\(target)")
        }
        let other = try house.key(.admin, of: ManagementHouse.other)
        let own = "/client/v4/accounts/0123456789abcdef/ai-gateway"
        #expect(try await house.ask("GET \(own)\(Self.datasets)/\(id)", as: other).status == 404)
        #expect(try await house.ask("GET \(own)\(Self.datasets)", as: other).result == [])
        let evaluated = try await house.ask(
            "POST \(own)\(Self.evaluations)", as: other,
            [
                "name": "e", "dataset_ids": [.string(id)],
                "evaluation_type_ids": ["9d5f9a54-6c0e-4f0e-8a1e-5d2b7f0c1a01"],
            ])
        #expect(evaluated.status == 400 && evaluated.pointer == "/dataset_ids/0")
        #expect(try await house.ask("GET /gateways/none/datasets", as: member).status == 404)
        #expect(try await house.ask("GET /gateways/none/evaluations", as: member).status == 404)
    }

    // MARK: Analytics

    @Test func `hours are told with their sums`() async throws {
        for number in 0..<3 { log(number, at: 1_779_278_400 - 3_600 + Int64(number)) }
        log(3, at: 1_779_278_400, provider: "google")
        log(4, at: 1_779_278_400 - 200_000)
        let day = try await house.ask("GET /gateways/default/analytics", as: member)
        #expect(day.status == 200 && day["window"] == "hour" && day["hours"]?.arrayValue?.count == 24)
        #expect(
            day["hours"]?[22] == [
                "start": "2026-05-20T11:00:00.000Z", "requests": 3, "errors": 1, "cached": 1, "tokens_in": 9,
                "tokens_out": 12, "cost": .number(JSONNumber(spelling: "0.003") ?? 0), "average_duration": 100,
            ])
        #expect(day["hours"]?[0]?["requests"] == 0 && day["hours"]?[0]?["average_duration"] == .null)
        #expect(day["totals"]?["requests"] == 4)
        let one = try await house.ask("GET /gateways/default/analytics?provider=google", as: member)
        #expect(one["totals"]?["requests"] == 1)
        let ranged = try await house.ask(
            "GET /gateways/default/analytics?start_date=2026-05-18T00:00:00Z&end_date=2026-05-18T23:59:59Z",
            as: member)
        #expect(ranged["hours"]?.arrayValue?.count == 24 && ranged["totals"]?["requests"] == 1)
        for query in ["start_date=2026-01-01", "start_date=x", "start_date=2026-05-21&end_date=2026-05-20"] {
            #expect(try await house.ask("GET /gateways/default/analytics?\(query)", as: member).status == 400)
        }
        #expect(try await house.ask("GET /gateways/none/analytics", as: member).status == 404)
    }
}
