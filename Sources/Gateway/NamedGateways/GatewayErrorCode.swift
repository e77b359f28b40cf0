public import Domain

/// The numbers that clients of Cloudflare's know errors by. What a request was about can change some of them.
public enum GatewayErrorCode {
    public static func of(_ reason: ErrorReason) -> Int {
        switch reason {
        case .invalidKey, .addressNotAllowed, .roleNotAllowed, .badSignature: 10000
        case .gatewayNotFound: 2001
        case .gatewayRate, .requestRate, .tokenRate, .concurrency: 2003
        case .providerError, .providerNotConfigured: 2005
        case .gatewayKeyNeeded: 2009
        case .promptBlocked: 2016
        case .answerBlocked: 2017
        case .insufficientCredits, .accountCap, .subAccountCap, .tagBudget, .keyCap, .notOffered, .ownKeyNeeded,
            .priceUnknown:
            2021
        case .promptWithheld: 2029
        case .answerWithheld: 2030
        case .unknownKeyAlias: 2040
        case .spendLimit: 2045
        case .upstreamTimeout, .requestTimeout: 3007
        case .clientClosed: 3008
        case .payloadTooLarge, .headersTooLarge: 3006
        case .noCapacity, .upstreamSaturated, .overloaded: 3040
        case .modelNotAllowed: 5018
        case .invalidBody: 7000
        case .missingField, .invalidType, .invalidValue, .duplicateField: 7001
        case .conflict, .methodNotAllowed: 7001
        case .objectNotFound, .endpointNotFound: 7002
        case .modelNotFound, .modalityMismatch, .upstreamRejected: 7003
        case .scannerUnavailable: 7013
        case .recordFailed, .internalError: 7000
        }
    }
}
