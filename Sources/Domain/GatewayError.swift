/// What went wrong with a call, in words every door can render in its own dialect.
public struct GatewayError: Error, Hashable, Sendable {
    public var reason: ErrorReason
    /// For the person who reads it: what happened and what to do. Holds no secrets and nothing of ours inside.
    public var message: String
    /// The member of the request that is at fault, where one is.
    public var param: String?
    public var retryAfterSeconds: Int?
    /// What the vendor itself answered, for dialects that pass that on.
    public var vendorAnswer: VendorAnswer?

    public init(_ reason: ErrorReason, _ message: String, param: String? = nil, retryAfterSeconds: Int? = nil) {
        self.reason = reason
        self.message = message
        self.param = param
        self.retryAfterSeconds = retryAfterSeconds
    }
}

/// A vendor's refusal in its own words.
public struct VendorAnswer: Hashable, Sendable {
    public var status: Int
    public var contentType: String
    public var body: [UInt8]

    public init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// The stable machine words of all errors. Doors and records use them; they never change their meaning.
public enum ErrorReason: String, Hashable, Sendable, CaseIterable {
    // The request is at fault.
    case invalidBody = "invalid_body"
    case missingField = "missing_field"
    case invalidType = "invalid_type"
    case invalidValue = "invalid_value"
    case duplicateField = "duplicate_field"
    case modalityMismatch = "modality_mismatch"
    case upstreamRejected = "upstream_rejected"
    case payloadTooLarge = "payload_too_large"
    case headersTooLarge = "headers_too_large"
    case requestTimeout = "request_timeout"
    case invalidKey = "invalid_key"
    case insufficientCredits = "insufficient_credits"
    case accountCap = "account_cap"
    case subAccountCap = "sub_account_cap"
    case tagBudget = "tag_budget"
    case keyCap = "key_cap"
    case modelNotAllowed = "model_not_allowed"
    case addressNotAllowed = "address_not_allowed"
    case roleNotAllowed = "role_not_allowed"
    case priceUnknown = "price_unknown"
    case requestRate = "rpm"
    case tokenRate = "tpm"
    case concurrency
    case badSignature = "bad_signature"
    case conflict
    // A named gateway refuses.
    case gatewayNotFound = "gateway_not_found"
    case gatewayKeyNeeded = "gateway_key_needed"
    case gatewayRate = "gateway_rate"
    case unknownKeyAlias = "unknown_key_alias"
    case ownKeyNeeded = "own_key_needed"
    case notOffered = "not_offered"
    case spendLimit = "spend_limit"
    case promptBlocked = "prompt_blocked"
    case answerBlocked = "answer_blocked"
    case promptWithheld = "prompt_withheld"
    case answerWithheld = "answer_withheld"
    case scannerUnavailable = "scanner_unavailable"
    case noCapacity = "no_capacity"
    case objectNotFound = "object_not_found"
    case modelNotFound = "model_not_found"
    case endpointNotFound = "endpoint_not_found"
    case methodNotAllowed = "method_not_allowed"
    /// Only in records: nobody is left to be told.
    case clientClosed = "client_closed"

    // Somebody else, or the gateway, is at fault.
    case providerError = "provider_error"
    case upstreamSaturated = "upstream_saturated"
    case upstreamTimeout = "upstream_timeout"
    case overloaded = "overloaded"
    case providerNotConfigured = "provider_not_configured"
    case recordFailed = "record_failed"
    case internalError = "internal"

    /// The same in every dialect.
    public var status: Int {
        switch self {
        case .invalidBody, .missingField, .invalidType, .invalidValue, .duplicateField, .modalityMismatch,
            .upstreamRejected, .priceUnknown, .badSignature, .gatewayNotFound, .unknownKeyAlias, .ownKeyNeeded,
            .promptWithheld, .answerWithheld:
            400
        case .invalidKey, .gatewayKeyNeeded: 401
        case .insufficientCredits, .accountCap, .subAccountCap, .tagBudget, .notOffered: 402
        case .keyCap, .modelNotAllowed, .addressNotAllowed, .roleNotAllowed: 403
        case .modelNotFound, .endpointNotFound, .objectNotFound: 404
        case .methodNotAllowed: 405
        case .requestTimeout: 408
        case .conflict: 409
        case .promptBlocked, .answerBlocked: 424
        case .requestRate, .tokenRate, .concurrency, .gatewayRate, .spendLimit, .noCapacity: 429
        case .payloadTooLarge: 413
        case .headersTooLarge: 431
        case .clientClosed: 499
        case .providerError, .internalError: 500
        case .upstreamSaturated, .overloaded, .providerNotConfigured, .recordFailed, .scannerUnavailable: 503
        case .upstreamTimeout: 504
        }
    }
}
