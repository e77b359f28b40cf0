/// Decides, each time the operator's files are looked at, which catalogue is in force.
///
/// A file that is wrong never replaces one that was good: as long as it is wrong, its last good state counts, and a
/// file that never was good is left out.
public struct CatalogueKeeper: Sendable {
    private let builtIn: [CatalogueSource]
    private var seen: [CatalogueSource]?
    private var good: [String: CatalogueSource] = [:]
    /// What is wrong with the files as they were last seen.
    public private(set) var problems: [CatalogueProblem] = []

    public enum Outcome: Sendable {
        case unchanged
        case replaced(Catalogue)
        /// Nothing that could be loaded.
        case kept
    }

    public init(builtIn: [CatalogueSource] = BuiltIn.sources) {
        self.builtIn = builtIn
    }

    public mutating func look(at sources: [CatalogueSource]) -> Outcome {
        guard sources != seen else { return .unchanged }
        seen = sources
        problems = []
        var candidates = sources
        // Each round replaces or drops a file at least, so that this ends.
        while true {
            do throws(CatalogueProblems) {
                let catalogue = try CatalogueLoader.load(builtIn: builtIn, own: candidates)
                good = Dictionary(candidates.map { ($0.name, $0) }) { first, _ in first }
                return .replaced(catalogue)
            } catch {
                for problem in error.problems where !problems.contains(problem) { problems.append(problem) }
                let fewer = withoutBroken(candidates, error.problems)
                guard fewer != candidates else { return .kept }
                candidates = fewer
            }
        }
    }

    private func withoutBroken(_ candidates: [CatalogueSource], _ problems: [CatalogueProblem]) -> [CatalogueSource] {
        let broken = Set(problems.map(\.file) + problems.compactMap(\.otherFile))
        let reverted = candidates.map { broken.contains($0.name) ? good[$0.name] ?? $0 : $0 }
        if reverted != candidates { return reverted }
        let blamed = Set(problems.map(\.file))
        return candidates.filter { !blamed.contains($0.name) }
    }
}
