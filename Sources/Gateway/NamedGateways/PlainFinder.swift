import Catalogue
import Dialects
import Domain
import HTTPClient
import JSON
import Pipeline
import Providers

/// Understands steps in a vendor's own wire.
extension GatewayEngine {
    /// A path at a vendor, as the caller wrote it.
    func native(
        _ name: String, _ method: String, _ path: String, _ step: GatewayStep, _ call: GatewayRequest, _ lane: Lane
    ) throws(GatewayError) -> StepTarget {
        guard let method = RequestTemplate.Method(rawValue: method) else {
            throw GatewayError(.methodNotAllowed, "`\(method)` is not passed on to providers.")
        }
        if name.hasPrefix(Self.customPrefix) {
            let slug = String(name.dropFirst(Self.customPrefix.count))
            guard let custom = book.provider(slug, of: call.account.id) else { throw Self.unknown(name) }
            let wire = NativeWire.of(provider: name, path: path)
            return StepTarget(
                plain: PlainTarget(
                    method: method, path: path, vendor: nil, author: ProviderID(name), ours: nil, custom: custom,
                    wire: wire, facts: facts(wire, step.body, path, lane), model: nil, body: step.body), provider: name)
        }
        guard let vendor = NativeVendors.vendor(name) else { throw Self.unknown(name) }
        let wire = NativeWire.of(provider: vendor.id, path: path)
        let facts = facts(wire, step.body, path, lane)
        let author = ProviderID(vendor.author)
        return StepTarget(
            plain: PlainTarget(
                method: method, path: path, vendor: vendor, author: author, ours: pipeline.provider(author),
                custom: nil, wire: wire, facts: facts,
                model: facts?.model.flatMap { pipeline.catalogue.model(of: author, named: $0) }, body: step.body),
            provider: vendor.id)
    }

    /// What cannot be read is passed on all the same: its vendor knows better what is wrong with it.
    private func facts(_ wire: NativeWire?, _ body: [UInt8], _ path: String, _ lane: Lane) -> NativeRequestFacts? {
        guard let wire, !body.isEmpty else { return nil }
        return try? wire.request(body, path: path, scanner: lane.scanner)
    }

    /// A model of the catalogue, at one of the paths that OpenAI's wire has besides chat.
    func plain(
        _ name: String, _ path: String, _ modality: Modality, _ step: GatewayStep, _ lane: Lane
    ) throws(GatewayError) -> StepTarget {
        let model = try pipeline.model(NativeVendors.catalogueName(name))
        guard model.modality == modality else {
            throw GatewayError(
                .modalityMismatch,
                "`\(model.id)` is a model for \(model.modality.rawValue) and has no `\(path)`.", param: "model")
        }
        guard let openAI = pipeline.vendor(of: model) ?? pipeline.provider(model.provider) else {
            throw GatewayError(
                .providerNotConfigured, "No provider is configured for `\(model.id)`.", retryAfterSeconds: 60)
        }
        let body = try renamed(step.body, model, lane)
        let wire: NativeWire = modality == .embedding ? .openAIEmbeddings : .openAIResponses
        let facts: NativeRequestFacts = try wire.request(body, path: path, scanner: lane.scanner)
        return StepTarget(
            plain: PlainTarget(
                method: .post, path: path, vendor: NativeVendors.author(model.provider.rawValue),
                author: model.provider, ours: pipeline.provider(model.provider), custom: nil, openAI: openAI,
                wire: wire, facts: facts, model: model, body: body),
            provider: model.provider.rawValue)
    }

    /// The body with the model's name as its vendor spells it.
    private func renamed(_ body: [UInt8], _ model: Model, _ lane: Lane) throws(GatewayError) -> [UInt8] {
        guard let index = try? lane.scanner.scan(body), index.kind == .object else {
            throw GatewayError(.invalidBody, "The body must be a JSON object.")
        }
        var patch = JSONPatch()
        patch.set("model", to: JSONValue.string(model.upstreamName).serialized(), in: index, of: body)
        guard let patched = try? patch.applied(to: body) else {
            throw GatewayError(.invalidBody, "The body cannot be read.")
        }
        return patched
    }

    private static func unknown(_ name: String) -> GatewayError {
        GatewayError(
            .providerNotConfigured, "There is no provider `\(String(name.unicodeScalars.prefix(72)))`.",
            param: "provider")
    }
}

extension Catalogue {
    /// The model that a vendor knows by that name.
    func model(of provider: ProviderID, named name: String) -> Model? {
        model("\(provider)/\(name)") ?? models.first { $0.provider == provider && $0.upstreamName == name }
    }
}
