import Domain
import JSON
import NamedGateways

/// How a surface dresses the answer of a call.
enum AnswerShape: Sendable {
    /// As the gateway gives it: OpenAI's wire, or the vendor's own.
    case wire
    /// What a run gives, bare.
    case run(RunConversion)
    /// The same in the envelope.
    ///
    /// - Parameter copiesMembers: Whether the members of the result stand beside it too.
    case enveloped(RunConversion, copiesMembers: Bool)
    /// `{"state":"Completed",…}`
    case preview(RunConversion, model: String)
    /// Steps of one request: those that run a hosted model answer in the envelope, as that does.
    case steps([RunConversion?])

    func whole(
        _ answer: GatewayAnswer, _ bytes: [UInt8], _ facts: GatewayFacts, _ scanner: JSONScanner
    ) throws(GatewayError) -> [UInt8] {
        guard ContentType.isJSON(answer.contentType) else { return bytes }
        switch self {
        case .wire: return bytes
        case .run(let conversion): return try conversion.whole(bytes, facts.keySource, scanner)
        case .enveloped(let conversion, let copiesMembers):
            return Envelope.result(
                try conversion.whole(bytes, facts.keySource, scanner), copiesMembers: copiesMembers)
        case .preview(let conversion, let model):
            return Self.preview(try conversion.whole(bytes, nil, scanner), model, facts)
        case .steps(let conversions):
            guard let conversion = Self.conversion(of: facts.step, conversions) else { return bytes }
            return Envelope.result(try conversion.whole(bytes, facts.keySource, scanner))
        }
    }

    func stream(
        _ stream: any GatewayStream, _ facts: GatewayFacts, _ scanner: JSONScanner
    ) -> any GatewayStream {
        switch self {
        case .wire: stream
        case .run(let conversion), .enveloped(let conversion, _), .preview(let conversion, _):
            conversion.stream(stream, scanner)
        case .steps(let conversions):
            Self.conversion(of: facts.step, conversions)?.stream(stream, scanner) ?? stream
        }
    }

    private static func conversion(of step: Int?, _ conversions: [RunConversion?]) -> RunConversion? {
        let step = step ?? 0
        return conversions.indices.contains(step) ? conversions[step] : nil
    }

    private static func preview(_ result: [UInt8], _ model: String, _ facts: GatewayFacts) -> [UInt8] {
        var writer = JSONWriter(reserving: result.count + 256)
        writer.beginObject()
        writer.key("state")
        writer.string("Completed")
        writer.key("result")
        writer.raw(result)
        writer.key("provider")
        if let provider = facts.provider { writer.string(provider) } else { writer.null() }
        writer.key("model")
        writer.string(model)
        writer.endObject()
        return writer.bytes
    }
}

/// `{"result":…,"success":true,"errors":[],"messages":[]}` around bytes that are JSON already.
enum Envelope {
    static func result(_ result: [UInt8], copiesMembers: Bool = false) -> [UInt8] {
        var bytes = Array(#"{"result":"#.utf8)
        bytes.reserveCapacity(result.count * (copiesMembers ? 2 : 1) + 64)
        bytes += result
        bytes += #","success":true,"errors":[],"messages":[]"#.utf8
        if copiesMembers, let inner = members(of: result) {
            bytes.append(UInt8(ascii: ","))
            bytes += inner
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// What stands between the braces of an object that has something there.
    private static func members(of object: [UInt8]) -> ArraySlice<UInt8>? {
        guard let first = object.firstIndex(of: UInt8(ascii: "{")), let last = object.lastIndex(of: UInt8(ascii: "}")),
            first < last, object[..<first].allSatisfy(isSpace)
        else { return nil }
        let inner = object[object.index(after: first)..<last]
        return inner.allSatisfy(isSpace) ? nil : inner
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

/// What kinds of bodies need to be told apart.
enum ContentType {
    static func isJSON(_ type: String) -> Bool { names("application/json", type) }
    static func isEventStream(_ type: String) -> Bool { names("text/event-stream", type) }

    private static func names(_ wanted: String, _ type: String) -> Bool {
        let bare = type.prefix { $0 != ";" }.lowercased()
        return bare.split(separator: " ").first.map(String.init) == wanted
    }
}
