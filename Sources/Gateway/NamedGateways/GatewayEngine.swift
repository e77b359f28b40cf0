public import Pipeline

/// The one way of every call through a named gateway.
public protocol GatewayRunning: Sendable {
    func run(_ request: GatewayRequest, on lane: Lane) async -> GatewayOutcome
}
