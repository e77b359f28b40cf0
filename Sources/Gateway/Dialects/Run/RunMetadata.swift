public import JSON

/// Whose key a run call was made with, in Cloudflare's words.
public enum RunKeySource: String, Hashable, Sendable, CaseIterable {
    /// The gateway's, paid with the caller's credits.
    case unified = "Unified"
    /// The caller's own.
    case byok = "BYOK"
}

/// What the gateway adds to the answers of run calls.
public enum RunMetadata {
    /// The answer with `gatewayMetadata` as its last member, every other byte as it was. What is no JSON object stays
    /// as it is.
    public static func added(to answer: [UInt8], keySource: RunKeySource, scanner: JSONScanner) -> [UInt8] {
        guard let index = try? scanner.scan(answer), index.kind == .object else { return answer }
        let value: JSONValue = ["keySource": .string(keySource.rawValue)]
        var patch = JSONPatch()
        patch.change(
            index, removing: { $0.isNamed("gatewayMetadata" as StaticString, in: answer) },
            adding: [JSONPatch.NewMember("gatewayMetadata", value.serialized())])
        return (try? patch.applied(to: answer)) ?? answer
    }
}
