import Accounts
import Catalogue
import Domain
import EventLoop
import HealthDoor
import HTTPClient
import HTTPServer
import OpenAIDoor
import OperatingSystem
import Pipeline
import Providers
import Routing
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
    private let listener: HTTPListener
    private let loops: [LoopThread]
    private let lanes: Lanes
    private let sandbox: SandboxHost?
    private let cabinet: KeyCabinet
    private let refresher: Task<Void, Never>
    private let isDraining: DrainFlag
    private let lock: HeldLock
    private let grace: UInt64

    public static func start(_ settings: Settings, log: Logger) async throws(StartError) -> GatewayServer {
        let directory = DataDirectory(settings.data.directory)
        try directory.prepare()
        let lock = try HeldLock(directory)
        let cabinet = try KeyCabinet.open(directory, settings.data)
        do {
            return try await GatewayServer(settings, directory, lock, cabinet, log)
        } catch {
            cabinet.close()
            throw error
        }
    }

    private init(
        _ settings: Settings, _ directory: DataDirectory, _ lock: HeldLock, _ cabinet: KeyCabinet, _ log: Logger
    ) async throws(StartError) {
        self.lock = lock
        self.cabinet = cabinet
        newRootKey = cabinet.newRootKey?.secret
        grace = settings.server.shutdownGrace.wholeMilliseconds
        isDraining = DrainFlag()

        let ring = try Self.loadKeys(cabinet)
        refresher = Task { [store = cabinet.store] in await KeyRefresher(store: store, ring: ring, log: log).run() }

        loops = (0..<settings.loopCount).map { LoopThread(name: "loop-\($0)") }
        var made: [Lane] = []
        for loop in loops {
            made.append(Lane(loop: loop, client: await HTTPClient.make(on: loop, settings.clientConfiguration)))
        }
        lanes = Lanes(made)

        usesSandbox = settings.wantsSandbox
        sandbox = usesSandbox ? try await SandboxHost.start(settings.sandboxConfiguration) : nil
        let providers = ProviderDirectory(settings.vendorProviders, sandbox: sandbox?.provider)
        let pipeline = Pipeline(
            keys: ring, catalogue: .seed, providers: providers, recorder: cabinet.store,
            limits: settings.pipelineLimits)

        let door = OpenAIDoor(pipeline: pipeline, lanes: lanes)
        let health = HealthDoor { [isDraining] in
            var problems: [String] = []
            if isDraining.isSet { problems.append("shutting down") }
            if providers.isEmpty { problems.append("no provider is configured and the sandbox is off") }
            return Readiness(problems: problems)
        }
        do {
            listener = try await HTTPListener(
                try settings.serverConfiguration(), loops: loops, handler: FrontDoor([door, health], fallback: door))
        } catch let error as ListenError {
            throw .listen(error.text(settings.server.listen.description))
        } catch let error as StartError {
            throw error
        } catch {
            throw .listen(settings.server.listen.description)
        }
        address = listener.address
        try directory.writeAddress(address)
    }

    private static func loadKeys(_ cabinet: KeyCabinet) throws(StartError) -> KeyRing {
        do {
            return KeyRing(hash: cabinet.hash, keys: try cabinet.store.activeKeys())
        } catch {
            throw .store(error)
        }
    }

    /// Stops accepting, finishes running calls up to the grace period, writes what is to be written, and ends.
    public func shutdown() async {
        isDraining.set()
        await listener.shutdown(graceMilliseconds: grace)
        refresher.cancel()
        await refresher.value
        for lane in lanes.all { await lane.loop.run { lane.client.close() } }
        await sandbox?.shutdown()
        for loop in loops { loop.stop() }
        cabinet.close()
        lock.release()
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
