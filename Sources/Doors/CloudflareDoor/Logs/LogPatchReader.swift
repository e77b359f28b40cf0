import Domain
import JSON

/// Reads what people add to a log entry: `{feedback?, score?, metadata?}`.
enum LogPatchReader {
    static func read(_ body: [UInt8]) throws(GatewayError) -> LogPatch {
        guard let object = try? JSONScanner().value(body).objectValue else {
            throw GatewayError(.invalidBody, "The body must be a JSON object.")
        }
        var patch = LogPatch()
        if let value = object["feedback"] { patch.feedback = .some(try feedback(value)) }
        if let value = object["score"] { patch.score = .some(try score(value)) }
        if let value = object["metadata"] { patch.metadata = .some(try metadata(value)) }
        return patch
    }

    private static func feedback(_ value: JSONValue) throws(GatewayError) -> Int? {
        if value.isNull { return nil }
        guard let number = value.intValue, number == 1 || number == -1 else {
            throw GatewayError(.invalidValue, "`feedback` must be 1, -1 or null.", param: "feedback")
        }
        return number
    }

    private static func score(_ value: JSONValue) throws(GatewayError) -> Int? {
        if value.isNull { return nil }
        guard let number = value.intValue, (0...100).contains(number) else {
            throw GatewayError(.invalidValue, "`score` must be a whole number from 0 to 100, or null.", param: "score")
        }
        return number
    }

    private static func metadata(_ value: JSONValue) throws(GatewayError) -> CallMetadata? {
        if value.isNull { return nil }
        guard let object = value.objectValue else {
            throw GatewayError(.invalidType, "`metadata` must be an object or null.", param: "metadata")
        }
        var entries: [CallMetadata.Entry] = []
        for (key, value) in object {
            switch value {
            case .string(let text): entries.append(.init(key: key, value: .text(text)))
            case .number(let number): entries.append(.init(key: key, value: .number(number.spelling)))
            case .bool(let flag): entries.append(.init(key: key, value: .bool(flag)))
            case .null, .array, .object:
                throw GatewayError(
                    .invalidValue, "`metadata` may hold strings, numbers and booleans only.", param: "metadata")
            }
        }
        guard entries.count <= CallMetadata.mostEntries else {
            throw GatewayError(
                .invalidValue, "`metadata` may have \(CallMetadata.mostEntries) entries at most.", param: "metadata")
        }
        return CallMetadata(entries)
    }
}
