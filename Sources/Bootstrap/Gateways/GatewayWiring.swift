import Accounts
import Catalogue
import CloudflareDoor
import Domain
import Gateways
import Governance
import Guards
import HTTPClient
import HTTPCore
import HTTPServer
import ModelPages
import NamedGateways
import Pipeline
import ResponseCache
import Routing
import SQLiteLogs
import Settings
import Spans
import Telemetry

/// Named gateways and Cloudflare's surface over the store, the treasury and the pipeline of this server.
struct GatewayWiring: Sendable {
    private let settings: Settings
    private let cabinet: KeyCabinet
    private let standing: Standing
    private let pipeline: Pipeline
    private let catalogue: LiveCatalogue
    private let lanes: Lanes
    private let desks: ManagementDesks
    /// Where clients reach the gateway.
    private let baseURL: String
    private let log: Logger
    let live: LiveGateways
    let logs: SQLiteLogStore
    private let cache: AnswerMemory
    private let keeper: CounterKeeper
    private let exporter: SpanExporter
    private let exporting: Task<Void, Never>
    private let book: CompiledGateways
    private let desk: GatewayDesk
    private let evaluations: EvaluationDesk
    private let background: BackgroundRuns
    private let batches = BatchRuns()

    init(
        _ settings: Settings, _ cabinet: KeyCabinet, _ standing: Standing, _ pipeline: Pipeline,
        _ catalogue: LiveCatalogue, _ lanes: Lanes, _ desks: ManagementDesks, logs: SQLiteLogStore,
        baseURL: String, _ log: Logger
    ) throws(StartError) {
        self.settings = settings
        self.cabinet = cabinet
        self.standing = standing
        self.pipeline = pipeline
        self.catalogue = catalogue
        self.lanes = lanes
        self.desks = desks
        self.logs = logs
        self.baseURL = baseURL
        self.log = log
        let library: DLPLibrary
        do throws(GuardProblems) {
            library = try DLPLibrary()
        } catch {
            throw .gateways("\(error.problems.map(\.message))")
        }
        live = LiveGateways(standing.gateways, keys: cabinet.store, vault: standing.vault)
        let (counters, cache) = (WindowCounters(), settings.answerMemory)
        self.cache = cache
        keeper = CounterKeeper(counters: counters, store: cabinet.store, now: SystemWallClock().now, log: log)
        let lane = lanes.all[0]
        let exporter = SpanExporter(client: lane.client, version: Version.text, logger: log)
        self.exporter = exporter
        exporting = Task(executorPreference: lane.loop) { await exporter.run() }
        let live = live
        desk = GatewayDesk(
            standing.gateways, parts: GatewayPart.all(library), most: settings.gateways.perAccount,
            hooks: GatewayHooks(
                deleted: { account, gateway in
                    counters.forget(GatewayPlace(account: account, gateway: gateway))
                    cache.forget(account: account, gateway: gateway)
                    _ = try? logs.delete(LogQuery(account: account, gateway: gateway), limit: nil)
                    _ = try? live.refresh()
                },
                forgetCache: { account, gateway in cache.forget(account: account, gateway: gateway) }))
        book = CompiledGateways(live, desk: desk, library: library, log: log)
        evaluations = EvaluationDesk(standing.gateways, logs: logs)
        background = BackgroundRuns(allowsPrivate: settings.gateways.privateProviders) { address, body, lane in
            await Self.deliver(address, body, lane)
        }
        do throws(StoreError) {
            try live.refresh()
            try keeper.restore()
            try evaluations.resume()
        } catch {
            throw .store(error)
        }
    }

    func door() throws(StartError) -> CloudflareDoor {
        let address = GatewayAddress(base: baseURL + "/gateway/v1")
        let logRoutes = LogRoutes(store: logs) { [live] gateway, account in
            live.current.gateway(account: account, id: gateway) != nil
        }
        var services = InferenceRoutes.Services(
            engine: try engine(), lanes: lanes, catalogue: catalogue, identity: identity, background: background,
            batches: batches, address: address, log: log)
        services.keepAliveMilliseconds = 15_000
        services.hooks.searchModels = modelSearch.search
        services.otherBindingRoutes = logRoutes.routes.filter { $0.surface == .binding }
        let urls = GatewayURLs(base: baseURL)
        let routes =
            InferenceRoutes(services).all + logRoutes.routes + GatewayRoutes(desk).routes
            + GatewayURLRoutes(desk, urls).routes
            + ProviderConfigRoutes(ProviderConfigDesk(standing.gateways, vendorKeys: cabinet.store)).routes
            + CustomProviderRoutes(
                CustomProviderDesk(standing.gateways, allowsPrivate: settings.gateways.privateProviders)
            ).routes
        return CloudflareDoor(
            routes + definitionRoutes + modelRoutes, identity: identity,
            changed: { [refresher = standing.refresher, live] in
                await refresher.look()
                _ = try? live.refresh()
            }, log: log)
    }

    /// Of what belongs to gateways, and of the wallet that pays for them.
    private var definitionRoutes: [CloudflareRoute] {
        let office = standing.gateways
        let credit = CreditDesk(
            money: desks.money, usage: cabinet.store, history: cabinet.store, ledger: cabinet.store,
            caps: DeskCaps(accounts: desks.accounts, subAccounts: desks.subAccounts),
            topUps: ReloadTopUps(
                desks.autoReload,
                checkout: settings.stripe.secretKey == nil ? nil : "POST /v1/top-ups/checkout"),
            now: SystemWallClock().now)
        return DynamicRouteRoutes(RouteDesk(office, patterns: LinearPatterns())).routes
            + DatasetRoutes(DatasetDesk(office)).routes + EvaluationRoutes(evaluations).routes
            + BillingRoutes(credit).routes
            + AnalyticsRoutes(desk, LogAnalytics(logs, now: SystemWallClock().now)).routes
    }

    private var modelSearch: ModelSearchRoutes {
        ModelSearchRoutes(
            catalogue: { [catalogue] in catalogue.current }, today: { CalendarDay(SystemWallClock().now()) })
    }

    private var modelRoutes: [CloudflareRoute] {
        modelSearch.routes + FinetuneRoutes().routes
            + ModelPageRoutes(
                catalogue: { [catalogue] in catalogue.current }, records: ModelRecord(baseURL: baseURL)
            ).routes
    }

    private var identity: CloudflareIdentity {
        let (authenticator, ring) = (standing.authenticator, standing.ring)
        return CloudflareIdentity(
            authenticate: { key, address throws(GatewayError) in try authenticator.principal(key, from: address) },
            accountNamed: { ring.account($0) })
    }

    private func engine() throws(StartError) -> GatewayEngine {
        let classifier: LexicalClassifier
        do throws(GuardProblems) {
            classifier = try LexicalClassifier()
        } catch {
            throw .gateways("\(error.problems.map(\.message))")
        }
        return GatewayEngine(
            pipeline: pipeline, book: book, logs: logs,
            tools: GatewayTools(
                rates: RequestRateGate(), counters: keeper.counters, classifier: classifier,
                observer: SpanObserver(exporter: exporter), cache: cache),
            clock: SystemWallClock(), log: log)
    }

    private static func deliver(_ address: WebhookAddress, _ body: [UInt8], _ lane: Lane) async {
        let template = RequestTemplate(
            .post, url: address.url, headers: [("Content-Type", "application/json"), ("User-Agent", "aigateway")])
        let deadlines = RequestDeadlines(firstByteMilliseconds: 10_000, totalMilliseconds: 20_000)
        guard let response = try? await lane.client.send(template, body: body, deadlines: deadlines) else { return }
        response.cancel()
    }

    private static let exportGraceMilliseconds: UInt64 = 2_000

    // MARK: While it runs

    /// Keeps gateways up to date and logs within their bounds, until it is cancelled.
    func run() async {
        var turn = 0
        while !Task.isCancelled {
            _ = try? live.refresh()
            book.tidy()
            if turn % Self.turnsPerCount == 0 { keeper.keep() }
            if turn % Self.turnsPerTidying == 0 { tidyLogs() }
            turn += 1
            try? await Task.sleep(for: Self.interval)
        }
    }

    private static let interval = Duration.milliseconds(250)
    /// A crash forgets what was spent in the last five seconds.
    private static let turnsPerCount = 20
    private static let turnsPerTidying = 240

    private func tidyLogs() {
        let now = SystemWallClock().now()
        let oldest = Timestamp(
            microseconds: now.microseconds - settings.gateways.logBodyRetention.components.seconds * 1_000_000)
        try? logs.tidy(
            capacities: live.current.logCapacities, defaultCapacity: settings.gateways.logEntries, bodiesBefore: oldest)
    }

    func stop() async {
        await background.stop()
        await batches.stop()
        exporter.shutdown(withinMilliseconds: Self.exportGraceMilliseconds)
        await exporting.value
        keeper.keep()
        logs.close()
    }
}
