import Dialects
import Domain
import Pipeline
import Providers

/// Who is asked for what, once the names of a step are understood.
struct StepTarget {
    enum Way {
        /// Through OpenAI's chat wire; the model may be outside the catalogue, and the provider the account's own.
        case chat(Model, Provider?)
        /// In the vendor's own wire.
        case plain(PlainTarget)
    }

    let way: Way
    /// As answers and logs name them.
    let provider: String
    let model: String
    let modelType: String?
    /// Whose stored keys open it.
    let keyOwner: ProviderID
    /// What the model costs; nil where that is not known.
    let pricing: ModelPricing?

    init(chat model: Model, _ provider: Provider? = nil) {
        way = .chat(model, provider)
        self.provider = model.provider.rawValue
        self.model = model.id.rawValue
        modelType = model.modality.rawValue
        keyOwner = model.provider
        pricing = model.pricing
    }

    init(plain: PlainTarget, provider: String) {
        way = .plain(plain)
        self.provider = provider
        let name = plain.facts?.model
        model = plain.model?.id.rawValue ?? name.map { "\(provider)/\($0)" } ?? "\(provider)/\(plain.path)"
        modelType = plain.model?.modality.rawValue
        keyOwner = plain.author
        pricing = plain.model?.pricing
    }

    /// The model, where it is known which.
    var listed: Model? {
        switch way {
        case .chat(let model, _): model
        case .plain(let plain): plain.model
        }
    }
}

extension Principal {
    func check(mayUse model: Model) throws(GatewayError) {
        guard mayUse(model) else {
            throw GatewayError(
                .modelNotAllowed, "This key may not use `\(model.id)`. Its owner decides which models it may.",
                param: "model")
        }
    }
}
