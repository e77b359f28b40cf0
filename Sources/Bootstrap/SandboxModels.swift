import Catalogue
import Domain
import Sandbox

extension SandboxModel {
    /// Models that say neither how much they read nor how much they write are played with this much.
    private static let assumedWindow = 128_000
    /// Of the vectors of models that do not say how long theirs are.
    private static let assumedDimensions = 1_024

    /// The models the sandbox knows by itself, and every other one of a catalogue that chats or makes vectors.
    static func playing(_ catalogue: Catalogue) -> [SandboxModel] {
        var models = builtIn
        var names = Set(models.map(\.name))
        for model in catalogue.models {
            switch model.modality {
            case .text where names.insert(model.upstreamName).inserted: models.append(SandboxModel(model))
            case .embedding where names.insert(model.upstreamName).inserted:
                models.append(.embedding(model.upstreamName, dimensions: assumedDimensions))
            default: continue
            }
        }
        return models
    }

    private init(_ model: Model) {
        let can = { (capability: Capability) in model.capabilities.contains(capability.rawValue) }
        var restrictions = Set(model.unsupportedParameters.compactMap { Restriction(rawValue: "\($0.name)") })
        if model.outputLimitName == .maxCompletionTokens { restrictions.insert(.maxTokens) }
        let window = model.contextWindow ?? Self.assumedWindow
        self.init(
            name: model.upstreamName, isReasoning: can(.reasoning), supportsVision: can(.vision),
            supportsTools: can(.tools), contextWindow: window, maximumOutput: model.maximumOutput ?? window,
            restrictions: restrictions)
    }
}
