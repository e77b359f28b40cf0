import Domain
import HTTPCore
import HTTPServer
import JSON
import Routing
import Testing

@Suite("Errors under /v1")
struct OpenAIErrorTests {
    struct Expected: Sendable, CustomTestStringConvertible {
        let reason: ErrorReason
        let status: Int
        let type: String
        var testDescription: String { reason.rawValue }
    }

    static let expected: [Expected] = [
        Expected(reason: .invalidBody, status: 400, type: "invalid_request_error"),
        Expected(reason: .missingField, status: 400, type: "invalid_request_error"),
        Expected(reason: .invalidType, status: 400, type: "invalid_request_error"),
        Expected(reason: .invalidValue, status: 400, type: "invalid_request_error"),
        Expected(reason: .duplicateField, status: 400, type: "invalid_request_error"),
        Expected(reason: .modalityMismatch, status: 400, type: "invalid_request_error"),
        Expected(reason: .upstreamRejected, status: 400, type: "invalid_request_error"),
        Expected(reason: .priceUnknown, status: 400, type: "invalid_request_error"),
        Expected(reason: .badSignature, status: 400, type: "invalid_request_error"),
        Expected(reason: .conflict, status: 409, type: "invalid_request_error"),
        Expected(reason: .insufficientCredits, status: 402, type: "insufficient_credits"),
        Expected(reason: .accountCap, status: 402, type: "budget_exceeded"),
        Expected(reason: .subAccountCap, status: 402, type: "budget_exceeded"),
        Expected(reason: .tagBudget, status: 402, type: "budget_exceeded"),
        Expected(reason: .keyCap, status: 403, type: "scope_exceeded"),
        Expected(reason: .modelNotAllowed, status: 403, type: "scope_exceeded"),
        Expected(reason: .addressNotAllowed, status: 403, type: "scope_exceeded"),
        Expected(reason: .roleNotAllowed, status: 403, type: "scope_exceeded"),
        Expected(reason: .requestRate, status: 429, type: "rate_limit_error"),
        Expected(reason: .tokenRate, status: 429, type: "rate_limit_error"),
        Expected(reason: .concurrency, status: 429, type: "rate_limit_error"),
        Expected(reason: .objectNotFound, status: 404, type: "not_found"),
        Expected(reason: .payloadTooLarge, status: 413, type: "invalid_request_error"),
        Expected(reason: .headersTooLarge, status: 431, type: "invalid_request_error"),
        Expected(reason: .requestTimeout, status: 408, type: "invalid_request_error"),
        Expected(reason: .invalidKey, status: 401, type: "authentication_error"),
        Expected(reason: .modelNotFound, status: 404, type: "not_found"),
        Expected(reason: .endpointNotFound, status: 404, type: "not_found"),
        Expected(reason: .methodNotAllowed, status: 405, type: "invalid_request_error"),
        Expected(reason: .clientClosed, status: 499, type: "invalid_request_error"),
        Expected(reason: .providerError, status: 500, type: "server_error"),
        Expected(reason: .upstreamSaturated, status: 503, type: "service_unavailable"),
        Expected(reason: .upstreamTimeout, status: 504, type: "timeout_error"),
        Expected(reason: .overloaded, status: 503, type: "service_unavailable"),
        Expected(reason: .providerNotConfigured, status: 503, type: "service_unavailable"),
        Expected(reason: .recordFailed, status: 503, type: "service_unavailable"),
        Expected(reason: .gatewayNotFound, status: 400, type: "invalid_request_error"),
        Expected(reason: .unknownKeyAlias, status: 400, type: "invalid_request_error"),
        Expected(reason: .ownKeyNeeded, status: 400, type: "invalid_request_error"),
        Expected(reason: .promptWithheld, status: 400, type: "invalid_request_error"),
        Expected(reason: .answerWithheld, status: 400, type: "invalid_request_error"),
        Expected(reason: .gatewayKeyNeeded, status: 401, type: "authentication_error"),
        Expected(reason: .notOffered, status: 402, type: "insufficient_credits"),
        Expected(reason: .promptBlocked, status: 424, type: "invalid_request_error"),
        Expected(reason: .answerBlocked, status: 424, type: "invalid_request_error"),
        Expected(reason: .gatewayRate, status: 429, type: "rate_limit_error"),
        Expected(reason: .spendLimit, status: 429, type: "budget_exceeded"),
        Expected(reason: .noCapacity, status: 429, type: "rate_limit_error"),
        Expected(reason: .scannerUnavailable, status: 503, type: "service_unavailable"),
        Expected(reason: .internalError, status: 500, type: "server_error"),
    ]

    @Test func `no reason is missing from the table`() {
        #expect(Set(Self.expected.map(\.reason)) == Set(ErrorReason.allCases))
        #expect(Self.expected.count == ErrorReason.allCases.count)
    }

    @Test(arguments: expected)
    func `an error has its status, its type and the whole envelope`(expected: Expected) throws {
        let error = GatewayError(expected.reason, "what \"happened\"\n")
        let response = OpenAIError.response(error, requestID: RequestID("req_1"))
        #expect(response.status == expected.status)
        #expect(response.headers.first("content-type") == "application/json")
        #expect(response.headers.first("x-request-id") == "req_1")
        #expect(response.headers.first("retry-after") == nil)
        let wanted: JSONValue = [
            "error": [
                "message": "what \"happened\"\n", "type": .string(expected.type), "code": .int(expected.status),
                "param": .null, "reason": .string(expected.reason.rawValue), "request_id": "req_1",
            ]
        ]
        #expect(try JSONValue(parsing: response.body) == wanted)
    }

    @Test func `the member at fault and the time to wait are told when there are any`() throws {
        let error = GatewayError(.upstreamSaturated, "later", param: "/messages/0", retryAfterSeconds: 7)
        let response = OpenAIError.response(error, requestID: RequestID("r"))
        #expect(response.headers.first("retry-after") == "7")
        #expect(try JSONValue(parsing: response.body)["error"]?["param"]?.stringValue == "/messages/0")
    }
}

@Suite("The key of a request")
struct BearerKeyTests {
    @Test(
        "The key is what follows the scheme",
        arguments: [
            (nil, nil), ("", nil), ("Bearer", nil), ("Bearer ", nil), ("Bearer    ", nil), ("Basic abc", nil),
            ("sk-aig-abc", nil), ("Bearerabc", nil), ("Bearer sk-aig-abc", "sk-aig-abc"),
            ("bearer sk-aig-abc", "sk-aig-abc"), ("BEARER   sk-aig-abc", "sk-aig-abc"),
            ("Bearer sk-aig-abc trailing", "sk-aig-abc trailing"),
        ] as [(String?, String?)])
    func bearer(value: String?, key: String?) {
        #expect(BearerKey.read(HeaderFields(value.map { [("Authorization", $0)] } ?? [])) == key)
    }
}
