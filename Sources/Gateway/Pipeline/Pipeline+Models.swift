public import Catalogue
public import Domain
public import Metering
public import Providers
public import Telemetry

extension Pipeline {
    /// With a catalogue that stays as it is.
    public init(
        catalogue: Catalogue, providers: ProviderDirectory, recorder: any CallRecorder,
        treasury: Treasury, limits: PipelineLimits
    ) {
        self.init(
            catalogue: LiveCatalogue(catalogue), providers: providers, recorder: recorder,
            treasury: treasury, limits: limits)
    }

    /// Counted in scalars: a single character can be as long as its writer likes.
    private static var shownIDLength: Int { 200 }

    /// The catalogue in force now.
    public var catalogue: Catalogue { liveCatalogue.current }

    public func model(_ id: String) throws(GatewayError) -> Model {
        guard let model = catalogue.model(id) else {
            let shown = String(id.unicodeScalars.prefix(Self.shownIDLength))
            throw GatewayError(
                .modelNotFound, "There is no model `\(shown)`. GET /v1/models lists the models there are.",
                param: "model")
        }
        return model
    }

    /// The vendor itself, never the simulator.
    public func vendor(of model: Model) -> Provider? { providers.vendor(for: model) }

    /// Who answers for a vendor with a key of the gateway's own.
    public func provider(_ id: ProviderID) -> Provider? { providers.provider(id) }

    /// A vendor key that the caller's account has attached.
    public func attachedKey(of principal: Principal, for vendor: ProviderID) -> Secret? {
        ownKeys.key(for: principal, provider: vendor, alias: nil)
    }

    /// Whether it is known how to reach a vendor, with a key of ours or without.
    public func knowsVendor(_ id: ProviderID) -> Bool { providers.knows(id) }

    func chatModel(_ id: String) throws(GatewayError) -> Model {
        let model = try model(id)
        guard model.modality == .text else {
            throw GatewayError(
                .modalityMismatch,
                "`\(model.id)` does not chat; it is a model for \(model.modality.rawValue). "
                    + "GET /v1/models?modality=text lists the models that do.",
                param: "model")
        }
        return model
    }
}
