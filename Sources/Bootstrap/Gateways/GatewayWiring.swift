import Catalogue
import CloudflareDoor
import Domain
import Gateways
import Governance
import Guards
import HTTPClient
import HTTPCore
import HTTPServer
import NamedGateways
import Pipeline
import Routing
import SQLiteLogs
import Settings
import Telemetry

/// Named gateways and Cloudflare's surface over the store, the treasury and the pipeline of this server.
struct GatewayWiring: Sendable {
    private let settings: Settings
    private let cabinet: KeyCabinet
    private let standing: Standing
    private let pipeline: Pipeline
    private let catalogue: LiveCatalogue
    private let lanes: Lanes
    private let log: Logger
    let live: LiveGateways
    let logs: SQLiteLogStore
    let counters = WindowCounters()
    private let book: CompiledGateways
    private let desk: GatewayDesk
    private let background: BackgroundRuns
    private let batches = BatchRuns()

    init(
        _ settings: Settings, _ cabinet: KeyCabinet, _ standing: Standing, _ pipeline: Pipeline,
        _ catalogue: LiveCatalogue, _ lanes: Lanes, logs: SQLiteLogStore, _ log: Logger
    ) throws(StartError) {
        self.settings = settings
        self.cabinet = cabinet
        self.standing = standing
        self.pipeline = pipeline
        self.catalogue = catalogue
        self.lanes = lanes
        self.logs = logs
        self.log = log
        let library: DLPLibrary
        do throws(GuardProblems) {
            library = try DLPLibrary()
        } catch {
            throw .gateways("\(error.problems.map(\.message))")
        }
        live = LiveGateways(standing.gateways, keys: cabinet.store, vault: standing.vault)
        let (live, counters) = (live, counters)
        desk = GatewayDesk(
            standing.gateways, parts: GatewayPart.all(library), most: settings.gateways.perAccount,
            hooks: GatewayHooks(
                deleted: { account, gateway in
                    counters.forget(GatewayPlace(account: account, gateway: gateway))
                    _ = try? logs.delete(LogQuery(account: account, gateway: gateway), limit: nil)
                    _ = try? live.refresh()
                }))
        let reach = settings.reachForOthers
        book = CompiledGateways(live, desk: desk, library: library, reach: reach, log: log)
        background = BackgroundRuns(allowsPrivate: settings.gateways.privateProviders) { address, body, lane in
            await Self.deliver(address, body, reach, lane, log)
        }
        do throws(StoreError) {
            try live.refresh()
        } catch {
            throw .store(error)
        }
    }

    func door() throws(StartError) -> CloudflareDoor {
        let address = GatewayAddress(base: settings.baseURL)
        let logRoutes = LogRoutes(store: logs) { [live] gateway, account in
            live.current.gateway(account: account, id: gateway) != nil
        }
        var services = InferenceRoutes.Services(
            engine: try engine(), lanes: lanes, catalogue: catalogue, identity: identity, background: background,
            batches: batches, address: address, log: log)
        services.keepAliveMilliseconds = 15_000
        let urls = GatewayURLs(base: settings.baseURL)
        let routes =
            InferenceRoutes(services).all + logRoutes.routes + GatewayRoutes(desk).routes
            + GatewayURLRoutes(desk, urls).routes
            + ProviderConfigRoutes(ProviderConfigDesk(standing.gateways, vendorKeys: cabinet.store)).routes
            + CustomProviderRoutes(
                CustomProviderDesk(standing.gateways, allowsPrivate: settings.gateways.privateProviders)
            ).routes
        return CloudflareDoor(
            routes, identity: identity,
            changed: { [refresher = standing.refresher, live] in
                await refresher.look()
                _ = try? live.refresh()
            }, log: log)
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
                rates: RequestRateGate(), counters: counters, classifier: classifier, observer: NoObserver(),
                cache: nil),
            clock: SystemWallClock(), log: log)
    }

    private static func deliver(
        _ address: WebhookAddress, _ body: [UInt8], _ reach: Reach, _ lane: Lane, _ log: Logger
    ) async {
        let template = RequestTemplate(
            .post, url: address.url, headers: [("Content-Type", "application/json"), ("User-Agent", "aigateway")],
            reach: reach)
        let deadlines = RequestDeadlines(firstByteMilliseconds: 10_000, totalMilliseconds: 20_000)
        do throws(HTTPClientError) {
            try await lane.client.send(template, body: body, deadlines: deadlines).cancel()
        } catch {
            // Somebody may be feeling their way around the operator's network; any other failure is the caller's own.
            guard error == .notAllowed else { return }
            log.warning("a report was not sent to a private address", ["host": .string(address.host)])
        }
    }

    // MARK: While it runs

    /// Keeps gateways up to date and logs within their bounds, until it is cancelled.
    func run() async {
        while !Task.isCancelled {
            _ = try? live.refresh()
            book.tidy()
            try? await Task.sleep(for: .milliseconds(250))
        }
    }

    func stop() async {
        await background.stop()
        await batches.stop()
        logs.close()
    }
}
