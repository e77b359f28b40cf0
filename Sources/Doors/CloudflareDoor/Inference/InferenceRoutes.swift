public import Catalogue
public import NamedGateways
public import Pipeline
public import Telemetry

/// All routes of this door that call models.
public struct InferenceRoutes: Sendable {
    /// What stands behind them.
    public struct Services: Sendable {
        public var engine: any GatewayRunning
        public var lanes: Lanes
        public var catalogue: LiveCatalogue
        public var identity: CloudflareIdentity
        public var background: BackgroundRuns
        public var batches: BatchRuns
        public var address: GatewayAddress
        public var hooks = BindingHooks()
        /// What else the binding's requests can be for: the tunnel leads there too.
        public var otherBindingRoutes: [CloudflareRoute] = []
        public var converters = RunConverters.standard
        public var limits = InferenceLimits()
        /// Whether the members of a result stand beside it in the envelope too.
        public var copiesMembers = false
        /// How long a stream may be silent before it is sent a sign of life.
        public var keepAliveMilliseconds: UInt64 = 15_000
        public var log: Logger

        public init(
            engine: any GatewayRunning, lanes: Lanes, catalogue: LiveCatalogue, identity: CloudflareIdentity,
            background: BackgroundRuns, batches: BatchRuns, address: GatewayAddress, log: Logger
        ) {
            self.engine = engine
            self.lanes = lanes
            self.catalogue = catalogue
            self.identity = identity
            self.background = background
            self.batches = batches
            self.address = address
            self.log = log
        }
    }

    /// In the order they are matched.
    public let all: [CloudflareRoute]

    public init(_ services: Services) {
        let desk = InferenceDesk(
            engine: services.engine, lanes: services.lanes, keepAliveMilliseconds: services.keepAliveMilliseconds,
            log: services.log)
        let runs = RunReader(
            catalogue: services.catalogue, converters: services.converters, limits: services.limits)
        let batches = BatchReader(runs: runs, batches: services.batches, engine: services.engine)
        let binding = BindingRoutes(
            desk: desk, runs: runs, batches: batches, address: services.address, hooks: services.hooks
        ).routes
        let rest = RestRunRoutes(
            desk: desk, runs: runs, batches: batches, background: services.background,
            copiesMembers: services.copiesMembers
        ).routes
        // The tunnel's path would else be taken for a model's.
        all =
            [Tunnel(targets: binding + services.otherBindingRoutes).route] + rest
            + RestOpenAIRoutes(desk: desk, runs: runs).routes
            + HostRoutes(desk: desk, runs: runs, identity: services.identity).routes + binding
    }
}
