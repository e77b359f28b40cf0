import Accounts
import Catalogue
import Crypto
import Domain
import DynamicRouting
import EventLoop
import Gateways
import HTTPCore
import HTTPServer
import JSON
import MemoryStores
import ModelPages
import Routing
import SQLiteLogs
import Synchronization
import Telemetry
import Testing

@testable import CloudflareDoor

/// The management routes on stores that forget, behind a server.
final class ManagementHouse: Sendable {
    static let acme = AccountID("acc_acme")
    static let other = AccountID("acc_other")
    static let tenant = AccountID("sa_tenant")
    static let now = Timestamp(seconds: 1_779_278_400)

    let store = MemoryStore()
    let collector = LogCollector()
    let changes = Atomic<Int>(0)
    let logs: LogShelf
    let work = HeldWork()
    private let issuer: KeyIssuer
    private let hash: KeyedHash
    private let office: GatewayOffice
    private let evaluations: EvaluationDesk

    init() throws {
        hash = try KeyedHash(key: [UInt8](repeating: 7, count: KeyedHash.keyByteCount))
        issuer = KeyIssuer(store: store, hash: hash) { Self.now }
        let vault = try VendorKeyVault(current: [UInt8](repeating: 1, count: VendorKeyVault.masterKeyByteCount))
        office = GatewayOffice(store: store, sealer: vault) { Self.now }
        logs = try LogShelf()
        evaluations = EvaluationDesk(office, logs: logs.store, start: { [work] in work.add($0) })
        for id in [Account.root, Self.acme, Self.other] {
            try store.insert(Account(id: id, name: id.rawValue, createdAt: Timestamp(seconds: 1)))
        }
        try store.insert(
            Account(id: Self.tenant, name: "tenant", createdAt: Timestamp(seconds: 2), parentID: Self.acme))
    }

    func key(_ role: Role, of account: AccountID = acme) throws -> String {
        try issuer.issue(name: role.rawValue, account: account, role: role, scope: KeyScope()).secret.reveal()
    }

    var door: CloudflareDoor {
        let desk = GatewayDesk(office)
        let routes =
            GatewayRoutes(desk).routes
            + ProviderConfigRoutes(ProviderConfigDesk(office, vendorKeys: store)).routes
            + CustomProviderRoutes(CustomProviderDesk(office)).routes
            + GatewayURLRoutes(desk, GatewayURLs(base: "https://gate.example")).routes
            + DynamicRouteRoutes(RouteDesk(office, patterns: NoPatterns())).routes
            + DatasetRoutes(DatasetDesk(office)).routes + EvaluationRoutes(evaluations).routes
            + BillingRoutes(credits).routes + FinetuneRoutes().routes
            + ModelSearchRoutes(catalogue: { .builtIn }, today: { CalendarDay(Self.now) }).routes
            + ModelPageRoutes(catalogue: { .builtIn }, records: ModelRecord(baseURL: "https://gate.example")).routes
            + AnalyticsRoutes(desk, LogAnalytics(logs.store) { Self.now }).routes
        return self.door(routes)
    }

    func door(_ routes: [CloudflareRoute]) -> CloudflareDoor {
        let identity = CloudflareIdentity(
            authenticate: { [self] key, _ throws(GatewayError) in try principal(key) },
            accountNamed: { [store] id in store.contents.accounts.first { $0.id == id } })
        return CloudflareDoor(
            routes, identity: identity, changed: { [self] in changes.add(1, ordering: .relaxed) },
            log: Logger(level: .debug, format: .json, sink: collector))
    }

    private var credits: CreditDesk {
        let turn = ManagementTurn()
        return CreditDesk(
            money: StoreMoney(store: store), usage: store, history: store, ledger: store,
            caps: DeskCaps(
                accounts: AccountDesk(store: store, issuer: issuer, turn: turn) { Self.now },
                subAccounts: SubAccountDesk(store: store, issuer: issuer, turn: turn) { Self.now }),
            topUps: NoTopUps(checkout: "POST /v1/top-ups/checkout"), now: { Self.now })
    }

    private func principal(_ secret: String?) throws(GatewayError) -> Principal {
        let contents = store.contents
        guard let secret, let key = contents.keys.first(where: { $0.hash == hash.hash(secret).bytes }),
            let account = contents.accounts.first(where: { $0.id == key.accountID })
        else { throw GatewayError(.invalidKey, "Authentication error") }
        return Principal(key: key, account: account)
    }

    struct Answer: Sendable {
        let status: Int
        let headers: HeaderFields
        let body: [UInt8]

        var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
        var text: String { String(decoding: body, as: UTF8.self) }
        var result: JSONValue? { json["result"] }
        var code: Int? { json["errors"]?[0]?["code"]?.intValue }
        var pointer: String? { json["errors"]?[0]?["source"]?["pointer"]?.stringValue }
        subscript(_ name: String) -> JSONValue? { json["result"]?[name] }
    }

    static let base = "/client/v4/accounts/acc_acme/ai-gateway"
    /// For all tests: nothing but a name is asked of it.
    private static let loop = LoopThread(name: "management")

    /// Asks through the door, as the server would.
    @discardableResult
    func ask(_ target: String, as key: String? = nil, _ body: JSONValue? = nil) async throws -> Answer {
        try await ask(target, as: key, bytes: body?.serialized() ?? [])
    }

    func ask(_ target: String, as key: String? = nil, bytes: [UInt8]) async throws -> Answer {
        try await ask(target, as: key, bytes: bytes, of: door)
    }

    func ask(_ target: String, as key: String?, bytes: [UInt8], of door: CloudflareDoor) async throws -> Answer {
        let words = target.split(separator: " ")
        let parts = words[1].split(separator: "?", maxSplits: 1).map(String.init)
        let path = ["/client", "/ai/models"].contains { parts[0].hasPrefix($0) } ? parts[0] : Self.base + parts[0]
        let request = HTTPRequest(
            method: String(words[0]), path: path, query: parts.count > 1 ? parts[1] : "",
            headers: HeaderFields(key.map { [("Authorization", "Bearer \($0)")] } ?? []), body: bytes, loop: Self.loop)
        switch try #require(door.endpoint(method: request.method, path: path), "\(target) is not served") {
        case .found(let endpoint):
            let endpoint = try #require(endpoint as? CloudflareEndpoint)
            let response = try #require(
                await Self.loop.run { await endpoint.response(to: request, requestID: RequestID("req_test")) })
            return Answer(status: response.status, headers: response.headers, body: response.body)
        case .wrongMethod(let allowed):
            return Answer(status: 405, headers: ["Allow": allowed.joined(separator: ", ")], body: [])
        }
    }
}
