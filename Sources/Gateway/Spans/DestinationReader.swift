import JSON
import Telemetry

/// Reads one entry of the field `otel`.
struct DestinationReader {
    let pointer: String
    let stored: [OTLPDestination]
    private(set) var problems: [OTLPProblem] = []

    private static let members = ["url", "headers", "authorization", "content_type"]
    /// Set by the gateway itself, or by the rules of HTTP.
    private static let reserved = [
        "authorization", "connection", "content-encoding", "content-length", "content-type", "expect", "host",
        "keep-alive", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    init(pointer: String, stored: [OTLPDestination]) {
        self.pointer = pointer
        self.stored = stored
    }

    private mutating func note(_ place: String, _ message: String) {
        problems.append(OTLPProblem(pointer + place, message))
    }

    /// Nil when there were problems.
    mutating func read(_ element: JSONValue) -> OTLPDestination? {
        guard let object = element.objectValue else {
            note("", "must be an object.")
            return nil
        }
        if object.hasRepeatedKeys { note("", "has a member more than once.") }
        for key in object.keys where !Self.members.contains(key) {
            note("/" + Self.escaped(key), "is not known here. Known are \(Self.members.joined(separator: ", ")).")
        }
        let url = url(object["url"])
        let before = stored.first { $0.url == url }
        let headers = headers(object["headers"], before)
        let authorization = authorization(object["authorization"], before)
        let contentType = contentType(object["content_type"])
        guard problems.isEmpty else { return nil }
        return OTLPDestination(url: url, headers: headers, authorization: authorization, contentType: contentType)
    }

    private mutating func url(_ value: JSONValue?) -> String {
        guard let url = value?.stringValue, OTLPAddress(url) != nil else {
            note(
                "/url", "must be an http or https address of at most \(OTLPAddress.longest) characters, without a user."
            )
            return ""
        }
        return url
    }

    private mutating func headers(_ value: JSONValue?, _ before: OTLPDestination?) -> [OTLPDestination.Header] {
        guard let value, !value.isNull else { return [] }
        guard let object = value.objectValue, object.count <= OTLPDestination.maximumHeaders else {
            note("/headers", "must be an object of at most \(OTLPDestination.maximumHeaders) members.")
            return []
        }
        var headers: [OTLPDestination.Header] = []
        for (name, value) in object {
            let place = "/headers/" + Self.escaped(name)
            guard Self.isToken(name), !Self.reserved.contains(name.lowercased()) else {
                note(place, "is no name for a header field, or one that is set by itself.")
                continue
            }
            if headers.contains(where: { $0.name.lowercased() == name.lowercased() }) {
                note(place, "is there twice.")
            }
            let kept = before?.headers.first { $0.name.lowercased() == name.lowercased() }?.value
            if let value = secret(value, place, kept) { headers.append(.init(name: name, value: value)) }
        }
        return headers
    }

    private mutating func authorization(_ value: JSONValue?, _ before: OTLPDestination?) -> Secret? {
        guard let value, !value.isNull, value != "" else { return nil }
        return secret(value, "/authorization", before?.authorization)
    }

    private mutating func secret(_ value: JSONValue, _ place: String, _ kept: Secret?) -> Secret? {
        guard let text = value.stringValue, Self.isFieldValue(text) else {
            note(place, "must be a string of one line and at most \(OTLPDestination.maximumHeaderBytes) bytes.")
            return nil
        }
        guard text == OTLPDestination.mask else { return Secret(text) }
        if kept == nil { note(place, "stands for a value that is not stored for this address. Send the value.") }
        return kept
    }

    private mutating func contentType(_ value: JSONValue?) -> OTLPContentType {
        guard let value, !value.isNull else { return .json }
        guard let type = value.stringValue.flatMap({ OTLPContentType(rawValue: $0.lowercased()) }) else {
            note("/content_type", "must be one of json, protobuf.")
            return .json
        }
        return type
    }

    private static let longestName = 128

    private static func isToken(_ name: String) -> Bool {
        (1...longestName).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                let letter = (byte | 0x20) &- UInt8(ascii: "a")
                return letter < 26 || byte &- UInt8(ascii: "0") < 10 || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
    }

    private static func isFieldValue(_ text: String) -> Bool {
        text.utf8.count <= OTLPDestination.maximumHeaderBytes
            && text.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }
    }

    /// A key as part of a JSON pointer, cut where it is long.
    private static func escaped(_ key: String) -> String {
        var escaped = ""
        for scalar in key.unicodeScalars.prefix(80) {
            switch scalar {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
