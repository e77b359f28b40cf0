import Catalogue
public import Domain

/// The list of all models: searched, narrowed by facets, ordered.
public struct ModelIndex: Sendable {
    static let hosted = "cloudflare-hosted"
    static let thirdParty = "third-party"

    /// What lists can be narrowed by. Values of one facet are alternatives; all facets must hold.
    public enum Facet: String, Hashable, Sendable, CaseIterable {
        case tasks, capabilities, providers, authors

        /// What a model has of it, with the words for people.
        func values(of model: Model) -> [(id: String, label: String)] {
            switch self {
            case .tasks:
                let name = CatalogueTask.of(model.modality).name
                return [(name, name)]
            case .capabilities: return model.catalogueCapabilities.map { ($0.rawValue, $0.label) }
            case .providers:
                return [model.isHosted ? (ModelIndex.hosted, "Hosted") : (ModelIndex.thirdParty, "Third-party")]
            case .authors: return [(model.author, model.authorName)]
            }
        }
    }

    public enum Order: String, Hashable, Sendable, CaseIterable {
        case newest, oldest
    }

    public var search: String?
    public var chosen: [Facet: Set<String>]
    public var order: Order

    /// - Parameter chosen: In whatever case. Nothing chosen of a facet means all of it.
    public init(search: String? = nil, chosen: [Facet: [String]] = [:], order: Order = .newest) {
        self.search = search
        self.chosen = chosen.mapValues { Set($0.map { $0.lowercased() }) }.filter { !$0.value.isEmpty }
        self.order = order
    }

    /// A value of a facet, and how many models there would be with it.
    public struct Choice: Hashable, Sendable {
        public let id: String
        public let label: String
        public let count: Int
        public let isChosen: Bool
    }

    /// Those whose day is not known come last.
    public func models(of all: [Model]) -> [Model] {
        let found = all.filter { model in finds(model) && Facet.allCases.allSatisfy { holds($0, of: model) } }
        let dated = found.enumerated().filter { $0.element.released != nil }.sorted { left, right in
            let (first, second) = (left.element.released ?? "", right.element.released ?? "")
            guard first == second else { return order == .newest ? first > second : first < second }
            return left.offset < right.offset
        }
        return dated.map(\.element) + found.filter { $0.released == nil }
    }

    /// What there is to choose from, each facet as the others leave it. Where models are is only asked when they are
    /// in two places.
    public func choices(of all: [Model]) -> [Facet: [Choice]] {
        var choices: [Facet: [Choice]] = [:]
        for facet in Facet.allCases {
            let others = Facet.allCases.filter { $0 != facet }
            let left = all.filter { model in finds(model) && others.allSatisfy { holds($0, of: model) } }
            let known = counted(facet, all, left)
            if facet != .providers || known.count > 1 { choices[facet] = known }
        }
        return choices
    }

    private func counted(_ facet: Facet, _ all: [Model], _ left: [Model]) -> [Choice] {
        var labels: [(id: String, label: String)] = []
        for model in all {
            for value in facet.values(of: model) where !labels.contains(where: { $0.id == value.id }) {
                labels.append(value)
            }
        }
        let counts = Dictionary(left.flatMap { facet.values(of: $0).map { ($0.id, 1) } }, uniquingKeysWith: +)
        return labels.map { value in
            Choice(
                id: value.id, label: value.label, count: counts[value.id] ?? 0,
                isChosen: chosen[facet]?.contains(value.id.lowercased()) ?? false)
        }
    }

    private func holds(_ facet: Facet, of model: Model) -> Bool {
        guard let wanted = chosen[facet] else { return true }
        return facet.values(of: model).contains { wanted.contains($0.id.lowercased()) }
    }

    private func finds(_ model: Model) -> Bool { search.map { model.isFound(by: $0) } ?? true }
}

extension Model {
    /// Whether every word of a search is somewhere in its name, id, description, author, task or tags.
    public func isFound(by search: String) -> Bool {
        let texts = [name, displayName, id.rawValue, summary, author, authorName, CatalogueTask.of(modality).name]
        let all = (texts + page.tags).joined(separator: "\n").lowercased()
        return search.lowercased().split(whereSeparator: \.isWhitespace).allSatisfy { all.firstRange(of: $0) != nil }
    }
}
