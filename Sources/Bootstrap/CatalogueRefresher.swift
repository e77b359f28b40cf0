import Catalogue
import Telemetry

/// Brings changes of the operator's catalogue files into the running gateway.
///
/// Runs off the loops: reading files may block.
struct CatalogueRefresher: Sendable {
    private var keeper: CatalogueKeeper
    private let read: @Sendable () -> [CatalogueSource]
    let live: LiveCatalogue
    private let log: Logger

    /// How soon a change is seen.
    static let interval = Duration.seconds(1)

    /// Starts with the files as they are. Fails only when the built-in ones cannot be used.
    init(read: @escaping @Sendable () -> [CatalogueSource], log: Logger) throws(StartError) {
        keeper = CatalogueKeeper()
        self.read = read
        self.log = log
        guard case .replaced(let catalogue) = keeper.look(at: read()) else {
            throw .catalogue(keeper.problems.map(\.description).joined(separator: "\n"))
        }
        live = LiveCatalogue(catalogue, problems: keeper.problems)
        warn()
    }

    mutating func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval)
            look()
        }
    }

    mutating func look() {
        switch keeper.look(at: read()) {
        case .unchanged: return
        case .kept: live.keep(noting: keeper.problems)
        case .replaced(let catalogue):
            live.replace(with: catalogue, problems: keeper.problems)
            log.notice("catalogue loaded", ["models": .int(catalogue.models.count)])
        }
        warn()
    }

    private func warn() {
        for problem in keeper.problems {
            log.warning("catalogue file not used; its last good state stays", ["problem": .string(problem.description)])
        }
    }
}
