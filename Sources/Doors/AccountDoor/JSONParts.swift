import Domain
import JSON

extension JSONValue {
    /// An amount in cents, exact.
    static func cents(_ amount: Nanodollars) -> JSONValue {
        JSONNumber(spelling: amount.centsText).map { .number($0) } ?? .null
    }

    static func cents(_ amount: Nanodollars?) -> JSONValue { amount.map { .cents($0) } ?? .null }
    static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    static func integer(_ value: Int?) -> JSONValue { value.map { .int($0) } ?? .null }
    static func seconds(_ moment: Timestamp?) -> JSONValue { moment.map { .int($0.seconds) } ?? .null }

    static func texts(orNull texts: [String]) -> JSONValue {
        texts.isEmpty ? .null : .array(texts.map { .string($0) })
    }
}

extension JSONObject {
    mutating func append(_ limits: Limits) {
        append("spend_cap_cents", .cents(limits.monthly))
        append("daily_cap_cents", .cents(limits.daily))
        append("rate_limit_rpm", .integer(limits.requestsPerMinute))
        append("rate_limit_tpm", .integer(limits.tokensPerMinute))
        append("max_concurrency", .integer(limits.concurrency))
    }
}

/// What is said of something that is gone.
enum Gone {
    static func reply(_ id: String, _ object: String) -> ManagementReply {
        .json(["id": .string(id), "object": .string(object), "deleted": true, "status": "ok"])
    }
}
