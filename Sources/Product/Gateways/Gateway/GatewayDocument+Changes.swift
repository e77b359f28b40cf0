import Accounts
import Domain
import JSON

extension GatewayDocument {
    static let idLengths = 1...64
    /// What one part may be long, as JSON.
    static let longestPart = 64 << 10
    /// Arrays and objects in each other that a part may have.
    static let deepestPart = 32

    /// What an id must be.
    static let idShape =
        "\(idLengths.lowerBound) to \(idLengths.upperBound) of a-z, 0-9, _ and single hyphens between them"

    static func isID(_ text: String) -> Bool {
        guard idLengths.contains(text.utf8.count) else { return false }
        return text.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { word in
            !word.isEmpty
                && word.utf8.allSatisfy { byte in
                    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
                }
        }
    }

    /// Takes over what was sent: what is absent stays, null clears. Problems are noted with what was sent.
    mutating func apply(_ sent: inout SentFields, _ parts: GatewayParts) {
        for field in GatewayField.all {
            switch field.read(&sent, self, parts) {
            case .keep: break
            case .clear: set(field.name, to: field.keepsNull ? .null : nil)
            case .set(let value): set(field.name, to: value)
            }
        }
        checkRateLimit(&sent)
    }

    private func checkRateLimit(_ sent: inout SentFields) {
        guard let limit = value("rate_limiting_limit").intValue, limit > 0,
            (value("rate_limiting_interval").intValue ?? 0) == 0
        else { return }
        sent.report("rate_limiting_interval", "must be set, in seconds, together with rate_limiting_limit")
    }
}

extension GatewayField {
    fileprivate func read(
        _ sent: inout SentFields, _ document: GatewayDocument, _ parts: GatewayParts
    ) -> Change<JSONValue> {
        switch kind {
        case .flag: sent.flag(name).map { .bool($0) }
        case .number(let bounds, let unit, let zero):
            sent.number(name, bounds, unit: unit, zero: zero).map { .int($0) }
        case .word(let words): sent.word(name, words).map { .string($0) }
        case .text(let lengths): sent.text(name, lengths, isOneLine: false).map { .string($0) }
        case .part: readPart(&sent, kept: document.fields[name], parts)
        }
    }

    private func readPart(_ sent: inout SentFields, kept: JSONValue?, _ parts: GatewayParts) -> Change<JSONValue> {
        guard let value = sent[name] else { return .keep }
        guard !value.isNull else { return .clear }
        let meant = kept.map { SecretMask.restored(value, shown: parts.shown(name, $0), kept: $0) } ?? value
        guard meant.depth <= GatewayDocument.deepestPart,
            meant.serialized().count <= GatewayDocument.longestPart
        else {
            sent.report(
                name,
                "must be at most \(GatewayDocument.longestPart) bytes long and \(GatewayDocument.deepestPart) levels deep"
            )
            return .keep
        }
        if isSealed, SecretMask.isIn(meant) {
            sent.report(name, "holds a secret as it was shown; send the secret itself, or leave the field out")
            return .keep
        }
        sent.report(name, inner: parts.check(name, meant))
        return .set(meant)
    }
}

extension Change {
    func map<Other: Sendable>(_ transform: (Value) -> Other) -> Change<Other> {
        switch self {
        case .keep: .keep
        case .clear: .clear
        case .set(let value): .set(transform(value))
        }
    }
}

extension JSONValue {
    /// How many arrays and objects lie in each other.
    var depth: Int {
        switch self {
        case .array(let elements): 1 + (elements.lazy.map(\.depth).max() ?? 0)
        case .object(let object): 1 + (object.members.lazy.map(\.value.depth).max() ?? 0)
        default: 0
        }
    }
}
