public import Domain

/// The models that can be asked for, in the order they are listed.
public struct Catalogue: Sendable {
    public let models: [Model]
    private let positions: [String: Int]

    public init(_ models: [Model]) {
        self.models = models
        var positions: [String: Int] = [:]
        for (index, model) in models.enumerated() { positions[model.id.rawValue.lowercased()] = index }
        self.positions = positions
    }

    /// Ids are matched whatever their case; the answer bears the canonical spelling.
    public func model(_ id: String) -> Model? {
        // The canonical spelling is in lower case already, and it is what nearly every request uses.
        (positions[id] ?? positions[id.lowercased()]).map { models[$0] }
    }
}
