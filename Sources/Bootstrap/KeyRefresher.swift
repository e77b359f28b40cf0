import Domain
import Pipeline
import Telemetry

/// Brings key changes into the running gateway, also those another process made.
///
/// Runs off the loops: looking at the store may block.
struct KeyRefresher: Sendable {
    let store: any KeyStore
    let ring: KeyRing
    let log: Logger

    /// A revoked key stops working within this time and the time of one look.
    static let interval = Duration.milliseconds(250)

    func run() async {
        var seen: Int64?
        while !Task.isCancelled {
            do {
                let generation = try store.keyGeneration()
                if generation != seen {
                    ring.replace(with: try store.activeKeys())
                    seen = generation
                }
            } catch {
                // The last good keys stay: a store that is away must not stop inference.
                log.warning("keys could not be refreshed")
            }
            try? await Task.sleep(for: Self.interval)
        }
    }
}
