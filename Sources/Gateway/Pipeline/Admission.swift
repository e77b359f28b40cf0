import Dialects
public import Domain
import HTTPCore
import Metering
import Providers
public import Telemetry

/// What was found out about a call before anything is held or asked for it.
struct Admission {
    let model: Model
    let provider: Provider
    /// The vendor key the caller brought.
    let ownKey: Secret?
    let tag: String?
    let chat: PreparedChat
    let ask: ReservationRequest
}

/// Vendor keys that accounts brought.
public protocol OwnKeys: Sendable {
    /// Nil when the account has none for that vendor.
    ///
    /// - Parameter alias: Asks for the key of that name; without, keys share the calls by their weights.
    func key(for principal: Principal, provider: ProviderID, alias: String?) -> Secret?
}

/// For gateways without any.
public struct NoOwnKeys: OwnKeys {
    public init() {}
    public func key(for principal: Principal, provider: ProviderID, alias: String?) -> Secret? { nil }
}

extension Pipeline {
    private static var longestTag: Int { 64 }
    private static var longestVendorKey: Int { 512 }
    /// Tokens that are held for a model that says neither how much it reads nor how much it writes.
    static var assumedTokens: Int { 128_000 }

    /// Everything that can be said against a call but limits and money.
    func admission(_ call: borrowing InferenceCall, on lane: Lane) throws(GatewayError) -> Admission {
        let request = try ChatRequest(call.body, scanner: lane.scanner, maximumDepth: limits.maximumJSONDepth)
        let model = if let model = call.orders.model { model } else { try chatModel(request.model) }
        guard call.principal.mayUse(model) else {
            throw GatewayError(
                .modelNotAllowed, "This key may not use `\(model.id)`. Its owner decides which models it may.",
                param: "model")
        }
        let tag = try tag(of: call)
        let ownKey = try ownKey(of: call, for: model)
        guard ownKey != nil || !call.orders.forbidsWallet else { throw GatewayError.ownKeyNeeded(model.provider) }
        let provider = if let given = call.orders.provider { given } else { try provider(for: model, ownKey: ownKey) }
        let chat = try request.prepared(for: model, assumedOutput: limits.assumedOutputTokens)
        let ask = ReservationRequest(
            principal: call.principal, tag: tag, promptTokens: chat.wishes.promptBound,
            outputTokens: outputTokens(chat.wishes, model), prices: model.pricing.map(TokenPrices.init),
            isOnOwnKey: ownKey != nil)
        return Admission(model: model, provider: provider, ownKey: ownKey, tag: tag, chat: chat, ask: ask)
    }

    private func outputTokens(_ wishes: ChatWishes, _ model: Model) -> Int {
        if let bound = wishes.outputBound { return bound }
        let most = model.maximumOutput ?? model.contextWindow ?? Self.assumedTokens
        let (tokens, isTooLarge) = most.multipliedReportingOverflow(by: wishes.choices)
        return isTooLarge ? .max : tokens
    }

    func tag(of call: borrowing InferenceCall) throws(GatewayError) -> String? {
        guard let tag = call.headers.first("x-aig-tag") else { return call.principal.account.defaultTag }
        guard (1...Self.longestTag).contains(tag.unicodeScalars.count) else {
            throw GatewayError(
                .invalidValue, "`x-aig-tag` must have 1 to \(Self.longestTag) characters.", param: "x-aig-tag")
        }
        return tag
    }

    /// The key in `x-byok-<provider>`, else one the account has attached.
    private func ownKey(of call: borrowing InferenceCall, for model: Model) throws(GatewayError) -> Secret? {
        if case .own(let key) = call.orders.key { return key }
        let brought = call.headers.fields(prefixed: "x-byok-")
        guard !brought.isEmpty else { return try attachedKey(of: call, for: model) }
        let name = "x-byok-\(model.provider)"
        guard let sent = brought.first(where: { $0.0.lowercased() == name })?.1 else {
            return try attachedKey(of: call, for: model)
        }
        guard !sent.isEmpty, sent.utf8.count <= Self.longestVendorKey else {
            throw GatewayError(
                .invalidValue, "`\(name)` must hold a key of 1 to \(Self.longestVendorKey) bytes.", param: name)
        }
        return Secret(sent)
    }

    private func attachedKey(
        of call: borrowing InferenceCall, for model: Model
    ) throws(GatewayError) -> Secret? {
        let alias = call.headers.first("x-byok-alias")
        let key = ownKeys.key(for: call.principal, provider: model.provider, alias: alias)
        // Who names a key does not want the call made, and paid for, with another.
        guard key != nil || alias == nil else {
            throw GatewayError(
                .invalidValue,
                "No vendor key of that alias is attached for `\(model.provider)`. GET /v1/vendor-keys lists them.",
                param: "x-byok-alias")
        }
        return key
    }

    private func provider(for model: Model, ownKey: Secret?) throws(GatewayError) -> Provider {
        let found = ownKey == nil ? providers.provider(for: model) : providers.vendor(for: model)
        guard let found else {
            throw GatewayError(
                .providerNotConfigured,
                "No provider is configured for `\(model.id)`. The operator can add one, or turn the sandbox on.",
                retryAfterSeconds: 60)
        }
        guard model.pricing != nil || ownKey != nil || found.isSandbox else {
            throw GatewayError(
                .priceUnknown,
                "No price is known for `\(model.id)`, so it can be used only with a vendor key of your own: attach one, "
                    + "or send it in `x-byok-\(model.provider)`.", param: "model")
        }
        return found
    }
}

extension GatewayError {
    /// For calls that may not be paid through the wallet.
    public static func ownKeyNeeded(_ provider: ProviderID) -> GatewayError {
        GatewayError(
            .ownKeyNeeded,
            "Calls through this gateway go with vendor keys of one's own, and there is none for `\(provider)`. "
                + "Store one with the gateway, or send it with the request.")
    }
}
