import Catalogue
import Domain
import Pipeline
import Providers

/// Understands what the names of a step stand for.
extension GatewayEngine {
    static let customPrefix = "custom-"

    func target(
        of step: GatewayStep, _ call: GatewayRequest, on lane: Lane
    ) throws(GatewayError) -> StepTarget {
        switch step.target {
        case .model(let name, .chat): try chat(name, step, call)
        case .model(let name, .embeddings): try plain(name, "embeddings", .embedding, step, lane)
        case .model(let name, .responses): try plain(name, "responses", .text, step, lane)
        case .native(let provider, let method, let path): try native(provider, method, path, step, call, lane)
        }
    }

    private func chat(
        _ name: String, _ step: GatewayStep, _ call: GatewayRequest
    ) throws(GatewayError) -> StepTarget {
        if name.hasPrefix(Self.customPrefix) { return try custom(name, call) }
        let publicName = NativeVendors.catalogueName(name)
        guard let model = pipeline.catalogue.model(publicName) else {
            if let other = outsider(publicName, step, call) { return other }
            throw GatewayError(
                .modelNotFound, "There is no model `\(String(name.unicodeScalars.prefix(200)))`.", param: "model")
        }
        guard model.modality == .text else {
            throw GatewayError(
                .modalityMismatch, "`\(model.id)` does not chat; it is a model for \(model.modality.rawValue).",
                param: "model")
        }
        return StepTarget(chat: model)
    }

    /// A model that only its vendor knows: with a key of one's own, the vendor may say whether there is one.
    private func outsider(_ name: String, _ step: GatewayStep, _ call: GatewayRequest) -> StepTarget? {
        guard call.kind == .compat, let (provider, model) = Self.split(name),
            pipeline.knowsVendor(ProviderID(provider))
        else { return nil }
        return StepTarget(chat: .unlisted(provider: provider, model))
    }

    private func custom(_ name: String, _ call: GatewayRequest) throws(GatewayError) -> StepTarget {
        guard let (prefixed, model) = Self.split(name),
            let provider = book.provider(String(prefixed.dropFirst(Self.customPrefix.count)), of: call.account.id)
        else {
            throw GatewayError(
                .modelNotFound, "There is no custom provider of that name, or it is not enabled.", param: "model")
        }
        let asked = Provider.openAICompatible(
            ProviderID(prefixed), baseURL: provider.baseURL, key: nil, headers: provider.headers)
        return StepTarget(chat: .unlisted(provider: prefixed, model), asked)
    }

    /// What stands before the first slash and behind it.
    private static func split(_ name: String) -> (String, String)? {
        guard let slash = name.firstIndex(of: "/"), slash != name.startIndex else { return nil }
        let model = name[name.index(after: slash)...]
        return model.isEmpty ? nil : (String(name[..<slash]), String(model))
    }
}

extension Model {
    /// Of a model outside the catalogue nothing is known but its name.
    static func unlisted(provider: String, _ name: String) -> Model {
        Model(
            id: ModelID("\(provider)/\(name)"), provider: ProviderID(provider), upstreamName: name, name: name,
            providerName: provider, family: "", modality: .text, modalities: ["text"], summary: "")
    }
}
