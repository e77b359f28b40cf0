import JSON
public import Telemetry

/// A header field that is sent to a custom provider with each call.
public struct ProviderHeader: Hashable, Sendable {
    public let name: String
    /// It may be a credential, so it is kept as one.
    public let value: Secret

    static let most = 20
    static let longestText = 16 << 10
    private static let longestName = 128
    private static let longestValue = 4_096
    private static let nameCharacters = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~".utf8)
    /// What belongs to the connection or to the body, and what gateways are told with.
    private static let ownNames: Set<String> = [
        "host", "connection", "content-length", "content-type", "transfer-encoding", "te", "trailer", "upgrade",
        "keep-alive", "proxy-connection", "proxy-authorization", "expect",
    ]
    private static let ownPrefix = "cf-aig-"
    private static let credentialWords = [
        "authorization", "key", "token", "secret", "cookie", "password", "credential",
    ]

    /// Whether the value must not be seen.
    var isCredential: Bool {
        let name = name.lowercased()
        return Self.credentialWords.contains { name.contains($0) }
    }

    /// Reads a JSON object of texts, or says what is wrong with it.
    static func read(_ text: String) -> (headers: [ProviderHeader]?, problem: String) {
        guard text.utf8.count <= longestText, let object = (try? JSONValue(parsing: Array(text.utf8)))?.objectValue
        else { return (nil, "must be a JSON object as text, of at most \(longestText) bytes") }
        guard object.count <= most else { return (nil, "must have \(most) header fields at most") }
        var headers: [ProviderHeader] = []
        var seen: Set<String> = []
        for member in object.members {
            guard isName(member.key), seen.insert(member.key.lowercased()).inserted else {
                return (nil, "must have names of header fields, each once, that are not the connection's own")
            }
            guard let value = member.value.stringValue, value.utf8.count <= longestValue,
                value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
            else { return (nil, "must have texts in one line of at most \(longestValue) bytes as values") }
            headers.append(ProviderHeader(name: member.key, value: Secret(value)))
        }
        return (headers, "")
    }

    private static func isName(_ text: String) -> Bool {
        let lowercased = text.lowercased()
        return (1...longestName).contains(text.utf8.count) && text.utf8.allSatisfy(nameCharacters.contains)
            && !ownNames.contains(lowercased) && !lowercased.hasPrefix(ownPrefix)
    }

    /// The secrets are compared as such.
    public static func == (left: ProviderHeader, right: ProviderHeader) -> Bool {
        left.name == right.name && left.value == right.value
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
    }
}
