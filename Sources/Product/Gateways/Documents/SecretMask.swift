public import JSON

/// What stands in answers in the place of secrets.
public enum SecretMask {
    static let stars = "********"
    /// A secret must be this long before its end is shown.
    private static let shortestHintedSecret = 16
    private static let hintCharacters = 4

    /// The last characters, so that people can tell secrets apart; none of a short one.
    static func hint(_ secret: String) -> String {
        secret.count >= shortestHintedSecret ? String(secret.suffix(hintCharacters)) : ""
    }

    public static func masked(_ secret: String) -> String { stars + hint(secret) }

    /// The value with the texts masked that are members of these names, and all texts in objects of these.
    ///
    /// - Parameters:
    ///   - secrets: Names of members that hold a secret.
    ///   - groups: Names of members that hold an object of secrets.
    public static func masked(_ value: JSONValue, secrets: Set<String>, groups: Set<String> = []) -> JSONValue {
        switch value {
        case .array(let elements): .array(elements.map { masked($0, secrets: secrets, groups: groups) })
        case .object(let object):
            .object(
                JSONObject(
                    members: object.members.map { member in
                        let masked =
                            secrets.contains(member.key) || groups.contains(member.key)
                            ? allMasked(member.value) : masked(member.value, secrets: secrets, groups: groups)
                        return .init(key: member.key, value: masked)
                    }))
        default: value
        }
    }

    private static func allMasked(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(masked(text))
        case .array(let elements): .array(elements.map(allMasked))
        case .object(let object):
            .object(JSONObject(members: object.members.map { .init(key: $0.key, value: allMasked($0.value)) }))
        default: value
        }
    }

    // MARK: The way back

    /// What a client means that sends back what it was shown: the secrets that are kept.
    ///
    /// The whole value, or an element of a list, must come back unchanged. A secret whose surroundings were changed is
    /// not put back, for it could be sent to an address it was never meant for.
    static func restored(_ sent: JSONValue, shown: JSONValue, kept: JSONValue) -> JSONValue {
        if isSame(sent, shown) { return kept }
        guard let elements = sent.arrayValue, let shown = shown.arrayValue, let kept = kept.arrayValue,
            shown.count == kept.count
        else { return sent }
        return .array(
            elements.map { element in shown.firstIndex { isSame($0, element) }.map { kept[$0] } ?? element })
    }

    /// Whether something that was shown would be taken for a secret.
    static func isIn(_ value: JSONValue) -> Bool {
        switch value {
        case .string(let text): text.hasPrefix(stars)
        case .array(let elements): elements.contains(where: isIn)
        case .object(let object): object.members.contains { isIn($0.value) }
        default: false
        }
    }

    /// In whatever order members are.
    private static func isSame(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { isSame($0, $1) }
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.members.allSatisfy { member in right[member.key].map { isSame($0, member.value) } ?? false }
        default: left == right
        }
    }
}
