import Accounts
import Catalogue
import Domain
import EventLoop
import HTTPClient
import HTTPServer
import HealthDoor
import OpenAIDoor
import OperatingSystem
import Pipeline
import Providers
import Routing
import SQLiteLogs
import SQLiteStore
import Sandbox
public import Settings
import Synchronization
public import Telemetry

/// A running gateway. The only place that knows which engine stands behind each protocol.
public final class GatewayServer: Sendable {
    /// `HOST:PORT` as bound.
    public let address: String
    /// The first key of all, on the first start only.
    public let newRootKey: Secret?
    public let usesSandbox: Bool
    /// A chat model that can be asked here.
    public let exampleModel: String
    private let listener: HTTPListener
    private let engine: Engine
    private let sandbox: SandboxHost?
    private let cabinet: KeyCabinet
    private let gateways: GatewayWiring
    private let refreshers: [Task<Void, Never>]
    private let isDraining: DrainFlag
    private let lock: HeldLock
    private let grace: UInt64

    public static func start(_ settings: Settings, log: Logger) async throws(StartError) -> GatewayServer {
        let directory = DataDirectory(settings.data.directory)
        try directory.prepare()
        let lock = try HeldLock(directory)
        let cabinet = try KeyCabinet.open(directory, settings.data)
        do throws(StartError) {
            let standing = try Standing.open(cabinet, directory, settings, log: log)
            return try await serve(settings, directory, lock, cabinet, standing, log)
        } catch {
            cabinet.close()
            lock.release()
            throw error
        }
    }

    private static func serve(
        _ settings: Settings, _ directory: DataDirectory, _ lock: HeldLock, _ cabinet: KeyCabinet,
        _ standing: Standing, _ log: Logger
    ) async throws(StartError) -> GatewayServer {
        let configuration = try settings.serverConfiguration()
        let logs = try openLogs(directory, log)
        let engine = await Engine(settings)
        var sandbox: SandboxHost?
        var listener: HTTPListener?
        do throws(StartError) {
            let catalogue = try CatalogueRefresher(read: CatalogueFiles(settings).read, log: log)
            if settings.wantsSandbox {
                sandbox = try await SandboxHost.start(settings.sandboxConfiguration(playing: catalogue.live.current))
            }
            // Bound before anything is built that tells where it is; whoever connects already waits.
            let socket = try bind(configuration, settings)
            let baseURL = settings.baseURL(boundTo: socket.address)
            let isDraining = DrainFlag()
            let providers = ProviderDirectory(settings.vendorProviders, sandbox: sandbox?.provider)
            let asked = sandbox.map { [$0.provider.id] } ?? settings.providers.map { ProviderID($0.id) }
            let providerHealth = ProviderHealth(asked, clock: SystemWallClock())
            let pipeline = Pipeline(
                catalogue: catalogue.live, providers: providers,
                recorder: HealthNotingRecorder(cabinet.store, health: providerHealth), treasury: standing.treasury,
                ownKeys: AttachedKeys(ring: standing.vendorKeys), limits: settings.pipelineLimits)
            let door = OpenAIDoor(
                pipeline: pipeline, authenticator: standing.authenticator, lanes: engine.lanes, health: providerHealth,
                baseURL: baseURL, log: log)
            let payments = BillingWiring(settings, cabinet, standing, engine.lanes, baseURL: baseURL, log)
            let billing = try payments.door()
            let reloader = try payments.reloader()
            let accountWiring = AccountWiring(settings, cabinet, standing, catalogue.live, log)
            let desks = accountWiring.desks
            let accounts = accountWiring.door(desks)
            let gateways = try GatewayWiring(
                settings, cabinet, standing, pipeline, catalogue.live, engine.lanes, desks, logs: logs,
                baseURL: baseURL, log)
            let health = HealthDoor { readiness(isDraining, providers, catalogue.live, cabinet.store) }
            let opened = try await listen(
                configuration, on: socket, engine, settings,
                FrontDoor(
                    [door, try gateways.door(), accounts, billing, health], fallback: door, hosts: settings.hosts))
            listener = opened
            try directory.writeAddress(opened.address)
            let refreshers: [Task<Void, Never>] = [
                Task { await standing.refresher.run() },
                Task { await gateways.run() },
                Task {
                    var catalogue = catalogue
                    await catalogue.run()
                },
                Task { if let reloader { await reloader.run() } },
            ]
            return GatewayServer(
                opened, engine, sandbox, cabinet, gateways, refreshers, isDraining, lock, settings,
                exampleModel: exampleModel(catalogue.live.current, providers))
        } catch {
            await listener?.shutdown(graceMilliseconds: 0)
            await engine.closeClients()
            await sandbox?.shutdown()
            engine.stop()
            logs.close()
            throw error
        }
    }

    private init(
        _ listener: HTTPListener, _ engine: Engine, _ sandbox: SandboxHost?, _ cabinet: KeyCabinet,
        _ gateways: GatewayWiring, _ refreshers: [Task<Void, Never>], _ isDraining: DrainFlag, _ lock: HeldLock,
        _ settings: Settings,
        exampleModel: String
    ) {
        self.listener = listener
        self.engine = engine
        self.sandbox = sandbox
        self.cabinet = cabinet
        self.gateways = gateways
        self.refreshers = refreshers
        self.isDraining = isDraining
        self.lock = lock
        address = listener.address
        newRootKey = cabinet.newRootKey?.secret
        usesSandbox = sandbox != nil
        self.exampleModel = exampleModel
        grace = settings.server.shutdownGrace.wholeMilliseconds
    }

    /// The first chat model that somebody here can be asked for.
    private static func exampleModel(_ catalogue: Catalogue, _ providers: ProviderDirectory) -> String {
        let found = catalogue.models.first { model in
            guard model.modality == .text, let provider = providers.provider(for: model) else { return false }
            return provider.isSandbox || model.pricing != nil
        }
        return found?.id.rawValue ?? "openai/o4-mini"
    }

    private static func bind(
        _ configuration: ServerConfiguration, _ settings: Settings
    ) throws(StartError) -> ListeningSocket {
        do {
            return try ListeningSocket(host: configuration.host, port: configuration.port)
        } catch {
            throw .listen(error.text(settings.server.listen.description))
        }
    }

    private static func listen(
        _ configuration: ServerConfiguration, on socket: consuming ListeningSocket, _ engine: Engine,
        _ settings: Settings, _ door: FrontDoor
    ) async throws(StartError) -> HTTPListener {
        do {
            return try await HTTPListener(configuration, on: socket, loops: engine.loops, handler: door)
        } catch {
            throw .listen(error.text(settings.server.listen.description))
        }
    }

    private static func openLogs(_ directory: DataDirectory, _ log: Logger) throws(StartError) -> SQLiteLogStore {
        do throws(StoreError) {
            return try SQLiteLogStore.open(directory: directory.path) { _ in
                log.error("logs of gateways cannot be written")
            }
        } catch {
            throw .store(error)
        }
    }

    private static func readiness(
        _ isDraining: DrainFlag, _ providers: ProviderDirectory, _ catalogue: LiveCatalogue, _ store: SQLiteStore
    ) -> Readiness {
        var problems: [String] = []
        if isDraining.isSet { problems.append("shutting down") }
        if providers.isEmpty { problems.append("no provider is configured and the sandbox is off") }
        if !store.canRecord { problems.append("calls cannot be recorded") }
        return Readiness(problems: problems, warnings: catalogue.problems.map(\.description))
    }

    /// Stops accepting, finishes running calls up to the grace period, writes what is to be written, and ends.
    public func shutdown() async {
        isDraining.set()
        await listener.shutdown(graceMilliseconds: grace)
        for refresher in refreshers { refresher.cancel() }
        for refresher in refreshers { await refresher.value }
        await gateways.stop()
        await engine.closeClients()
        await sandbox?.shutdown()
        engine.stop()
        cabinet.close()
        lock.release()
    }
}

/// The loops and what each of them owns.
private struct Engine: Sendable {
    let loops: [LoopThread]
    let lanes: Lanes

    init(_ settings: Settings) async {
        loops = (0..<settings.loopCount).map { LoopThread(name: "loop-\($0)") }
        var made: [Lane] = []
        for loop in loops {
            made.append(Lane(loop: loop, client: await HTTPClient.make(on: loop, settings.clientConfiguration)))
        }
        lanes = Lanes(made)
    }

    func closeClients() async {
        for lane in lanes.all { await lane.loop.run { lane.client.close() } }
    }

    /// The clients must be closed by now.
    func stop() {
        for loop in loops { loop.stop() }
    }
}

/// Whether the gateway is on its way out.
private final class DrainFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }
}

/// Keeps a second server off the data directory for as long as this one runs.
final class HeldLock: Sendable {
    private let lock: Mutex<DirectoryLock?>

    init(_ directory: DataDirectory) throws(StartError) {
        do {
            lock = Mutex(try DirectoryLock(directory: directory.path))
        } catch {
            throw .inUse(error.description)
        }
    }

    func release() {
        lock.withLock { $0 = nil }
    }
}

extension ListenError {
    fileprivate func text(_ wanted: String) -> String {
        switch self {
        case .addressNotUsable(let text): text
        case .daemonRefused: "\(wanted): the HTTP server did not start; check `tls.certificate` and `tls.key`"
        }
    }
}
