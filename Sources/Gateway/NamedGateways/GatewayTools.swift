public import Domain
public import Governance
public import Guards

/// What all gateways share: counters, the classifier, and whoever is told of finished calls.
public struct GatewayTools: Sendable {
    let rates: RequestRateGate
    let counters: WindowCounters
    let classifier: any Classifier
    let observer: any GatewayObserver
    let cache: (any AnswerCache)?

    public init(
        rates: RequestRateGate, counters: WindowCounters, classifier: any Classifier, observer: any GatewayObserver,
        cache: (any AnswerCache)?
    ) {
        self.rates = rates
        self.counters = counters
        self.classifier = classifier
        self.observer = observer
        self.cache = cache
    }
}

/// Is told of every call that ended, logged or not. Called on the call's loop: must not block.
public protocol GatewayObserver: Sendable {
    func finished(_ entry: GatewayLogEntry, bodies: LogBodies?, gateway: LiveGateway, controls: GatewayControls)
    /// Whether the gateway's bodies are wanted though its logs do not keep them.
    func wantsBodies(of gateway: LiveGateway) -> Bool
}

/// For installations where nobody watches.
public struct NoObserver: GatewayObserver {
    public init() {}
    public func finished(
        _ entry: GatewayLogEntry, bodies: LogBodies?, gateway: LiveGateway, controls: GatewayControls
    ) {}
    public func wantsBodies(of gateway: LiveGateway) -> Bool { false }
}
