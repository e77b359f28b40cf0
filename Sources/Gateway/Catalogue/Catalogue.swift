public import Domain

/// The models that can be asked for, in the order they are listed. Never changed, only replaced as a whole.
public final class Catalogue: Sendable {
    public let models: [Model]
    /// By id and alias, in lower case.
    private let byName: [String: Model]

    public init(_ models: [Model]) {
        self.models = models
        var byName: [String: Model] = [:]
        for model in models {
            for alias in model.aliases { byName[alias.lowercased()] = model }
        }
        for model in models { byName[model.id.rawValue.lowercased()] = model }
        self.byName = byName
    }

    /// Ids are matched whatever their case; the answer bears the canonical spelling.
    public func model(_ id: String) -> Model? {
        // The canonical spelling is in lower case already, and it is what nearly every request uses.
        byName[id] ?? byName[id.lowercased()]
    }
}
