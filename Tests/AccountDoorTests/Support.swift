import Accounts
import Crypto
import Domain
import EventLoop
import HTTPCore
import HTTPServer
import JSON
import MemoryStores
import Routing
import Synchronization
import Telemetry
import Testing

@testable import AccountDoor

/// A door on stores in memory, with a few accounts and keys behind it.
final class House: Sendable {
    /// For all tests: nothing but a name is asked of it.
    static let loop = LoopThread(name: "door")
    /// 2026-05-20 12:00:00 UTC
    static let now = Timestamp(seconds: 1_779_278_400)

    let store = MemoryStore()
    let vault = MemoryVault()
    let reloads = MemoryReloads()
    let money: MemoryMoney
    let collector = LogCollector()
    let issuer: KeyIssuer
    let changes = Atomic<Int>(0)
    private let hash: KeyedHash

    init() throws {
        hash = try KeyedHash(key: [UInt8](repeating: 7, count: KeyedHash.keyByteCount))
        issuer = KeyIssuer(store: store, hash: hash) { House.now }
        money = MemoryMoney(store)
        for id in [Account.root, House.acme, House.other] {
            try store.insert(
                Account(
                    id: id, name: id.rawValue, createdAt: Timestamp(seconds: 1),
                    plan: id == Account.root ? .postpaid : .prepaid))
        }
        try store.insert(
            Account(id: House.tenant, name: "tenant", createdAt: Timestamp(seconds: 2), parentID: House.acme))
    }

    static let acme = AccountID("acc_acme")
    static let other = AccountID("acc_other")
    static let tenant = AccountID("sa_tenant")

    var desks: ManagementDesks {
        ManagementDesks(
            store: store, issuer: issuer, vendorKeys: vault, autoReload: reloads, money: money, terms: TopUpTerms(),
            vendors: { [ProviderID("openai"), ProviderID("anthropic")] }, now: { House.now })
    }

    var log: Logger { Logger(level: .debug, format: .json, sink: collector) }

    func door(extra: [Route] = []) -> AccountDoor {
        AccountDoor(
            desks, extra: extra,
            authenticate: { [self] request throws(GatewayError) in try principal(BearerKey.read(request.headers)) },
            changed: { [self] in changes.add(1, ordering: .relaxed) },
            log: log)
    }

    func key(_ role: Role, of account: AccountID = House.acme, scope: KeyScope = KeyScope()) throws -> Caller {
        let issued = try issuer.issue(name: role.rawValue, account: account, role: role, scope: scope)
        return Caller(secret: issued.secret.reveal(), id: issued.key.id.rawValue)
    }

    struct Caller: Sendable {
        let secret: String
        let id: String
    }

    /// As the running gateway would know it, but always at once.
    func principal(_ secret: String?) throws(GatewayError) -> Principal {
        let refused = GatewayError(.invalidKey, "no good key")
        guard let secret else { throw refused }
        do {
            guard let key = try store.activeKeys().first(where: { $0.hash == hash.hash(secret).bytes }),
                let account = try store.account(key.accountID)
            else { throw refused }
            let parent = try account.parentID.flatMap { try store.account($0) }
            return Principal(key: key, account: account, parent: parent)
        } catch {
            throw refused
        }
    }

    struct Answer {
        let status: Int
        let headers: HeaderFields
        let body: [UInt8]

        var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
        var text: String { String(decoding: body, as: UTF8.self) }
        var data: [JSONValue] { json["data"]?.arrayValue ?? [] }
        var reason: String? { json["error"]?["reason"]?.stringValue }
        var param: String? { json["error"]?["param"]?.stringValue }
        var id: String { json["id"]?.stringValue ?? "" }
        var key: String { json["key"]?.stringValue ?? "" }
        subscript(_ name: String) -> JSONValue? { json[name] }
    }

    /// Asks through the door, as the server would.
    @discardableResult
    func ask(
        _ target: String, as key: String? = nil, _ body: JSONValue? = nil, headers: [(String, String)] = []
    ) async throws -> Answer {
        try await ask(target, as: key, bytes: body?.serialized() ?? [], headers: headers)
    }

    func ask(
        _ target: String, as key: String? = nil, bytes: [UInt8], headers: [(String, String)] = [], extra: [Route] = []
    ) async throws -> Answer {
        let words = target.split(separator: " ")
        let parts = words[1].split(separator: "?", maxSplits: 1)
        var fields = HeaderFields(headers)
        if let key { fields.append("Authorization", "Bearer \(key)") }
        let request = HTTPRequest(
            method: String(words[0]), path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : "",
            headers: fields, body: bytes, loop: House.loop)
        let requestID = RequestID("req_test")
        let door = door(extra: extra)
        switch try #require(door.endpoint(method: request.method, path: request.path), "\(target) is not served") {
        case .found(let endpoint):
            let endpoint = try #require(endpoint as? ManagementEndpoint)
            let response = await House.loop.run { await endpoint.response(to: request, requestID: requestID) }
            return Answer(status: response.status, headers: response.headers, body: response.body)
        case .wrongMethod(let allowed):
            return Answer(status: 405, headers: ["Allow": allowed.joined(separator: ", ")], body: [])
        }
    }

    /// A call of a model that cost something.
    func call(
        _ id: String, by key: String, of account: AccountID = House.acme, cents: Int64,
        model: String = "openai/o4-mini", tag: String? = nil, day: String = "2026-05-20", ownKey: Bool = false
    ) throws {
        let day = try #require(CalendarDay(day))
        let payer = try store.account(account)?.payerID ?? account
        let cost = try #require(Nanodollars(cents: cents))
        store.add(
            CallRecord(
                requestID: RequestID(id), accountID: account, keyID: KeyID(key), model: ModelID(model),
                provider: ProviderID("openai"), upstreamModel: "o4-mini",
                startedAt: Timestamp(seconds: Int64(day.unixSeconds) + 60), durationMicroseconds: 1_234_567,
                firstByteMicroseconds: nil, streamed: false, outcome: .complete, status: 200, errorReason: nil,
                usage: TokenUsage(promptTokens: 10, completionTokens: 5, totalTokens: 15), usageSource: .reported,
                tag: tag,
                charge: Charge(
                    payer: payer, cost: ownKey ? .zero : cost, vendorCost: cost, isOnOwnKey: ownKey)))
    }
}

/// What accounts have, by the store.
final class MemoryMoney: MoneyView {
    private let store: MemoryStore
    let held = Mutex(Nanodollars.zero)

    init(_ store: MemoryStore) {
        self.store = store
    }

    func balance(of account: Account) -> Nanodollars {
        (try? store.balances().of[.wallet(account.payerID)]) ?? .zero
    }

    func held(of account: Account) -> Nanodollars { held.withLock { $0 } }

    func spent(_ scope: LimitScope) -> (today: Nanodollars, month: Nanodollars) {
        let today = CalendarDay(House.now)
        let month = (try? store.spending(since: today.calendarMonth.firstDay)) ?? []
        let counted = month.filter { spending in
            switch scope {
            case .key(let id): spending.keyID == id
            case .account(let id): spending.accountID == id || spending.payer == id
            case .tag(let id, let tag): spending.payer == id && spending.tag == tag
            }
        }
        return (
            counted.filter { $0.day == today }.reduce(.zero) { $0 + $1.cost }, counted.reduce(.zero) { $0 + $1.cost }
        )
    }
}

/// Vendor keys, not sealed at all.
final class MemoryVault: VendorKeyBook {
    let rows = Mutex<[VendorKey]>([])
    let secrets = Mutex<[VendorKeyID: String]>([:])

    func keys(of account: AccountID) throws(StoreError) -> [VendorKey] {
        rows.withLock { $0.filter { $0.accountID == account } }
    }

    func attach(
        _ secret: Secret, to account: AccountID, provider: ProviderID, alias: String, weight: Int
    ) throws(GatewayError) -> VendorKey {
        let id = VendorKeyID("vk_\(rows.withLock { $0.count })")
        let key = VendorKey(
            id: id, accountID: account, provider: provider, alias: alias, weight: weight, sealed: [1],
            hint: String(secret.reveal().suffix(4)), createdAt: House.now)
        rows.withLock { $0.append(key) }
        secrets.withLock { $0[id] = secret.reveal() }
        return key
    }

    func change(
        _ id: VendorKeyID, of account: AccountID, secret: Secret?, alias: String?, weight: Int?
    ) throws(GatewayError) -> VendorKey {
        let changed = rows.withLock { rows -> VendorKey? in
            guard let index = rows.firstIndex(where: { $0.id == id && $0.accountID == account }) else { return nil }
            if let alias { rows[index].alias = alias }
            if let weight { rows[index].weight = weight }
            if let secret { rows[index].hint = String(secret.reveal().suffix(4)) }
            return rows[index]
        }
        guard let changed else { throw GatewayError(.objectNotFound, "There is no such vendor key.") }
        if let secret { secrets.withLock { $0[id] = secret.reveal() } }
        return changed
    }

    func revoke(_ id: VendorKeyID, of account: AccountID) throws(GatewayError) {
        let before = rows.withLock { $0.count }
        let after = rows.withLock { rows in
            rows.removeAll { $0.id == id && $0.accountID == account }
            return rows.count
        }
        guard after < before else { throw GatewayError(.objectNotFound, "There is no such vendor key.") }
    }
}

extension JSONValue {
    /// How a number is spelled.
    var number: String? { numberValue?.spelling }
}
