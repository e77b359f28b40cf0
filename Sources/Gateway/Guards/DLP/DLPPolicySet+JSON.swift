public import JSON

extension DLPPolicySet {
    /// How many policies a gateway may have, and how many profiles a policy.
    public static let maximumPolicies = 32
    public static let maximumProfiles = 64
    private static let longestPolicyID = 64

    /// Reads the field.
    ///
    /// - Parameters:
    ///   - pointer: Where the field stands, for problems.
    ///   - known: The ids of all profiles; others are problems. Nil takes any, for what was stored when there were more.
    public init(json: JSONValue, pointer: String = "/dlp", known: [String]? = nil) throws(GuardProblems) {
        var reader = SettingReader()
        let names = ["enabled", "action", "profiles", "policies"]
        guard let object = reader.object(json, pointer, known: names) else { throw GuardProblems(reader.problems) }
        isEnabled = reader.bool(object, "enabled", pointer)
        if object["policies"] != nil {
            for name in ["action", "profiles"] where object[name] != nil {
                reader.note("\(pointer)/\(name)", "stands in each policy where there are `policies`.")
            }
            rules = .policies(Self.policies(object, pointer, known, &reader))
        } else {
            let action = Self.action(object, pointer, &reader)
            rules = .single(action: action, profiles: Self.profiles(object, pointer, known, &reader))
        }
        try reader.finish()
    }

    private static func policies(
        _ object: JSONObject, _ pointer: String, _ known: [String]?, _ reader: inout SettingReader
    ) -> [DLPPolicy] {
        var policies: [DLPPolicy] = []
        let elements = reader.elements(object, "policies", pointer, most: maximumPolicies)
        for (index, element) in elements.enumerated() {
            let place = "\(pointer)/policies/\(index)"
            guard let policy = policy(element, place, known, &reader) else { continue }
            if policies.contains(where: { $0.id == policy.id }) { reader.note("\(place)/id", "is there twice.") }
            policies.append(policy)
        }
        return policies
    }

    private static func policy(
        _ element: JSONValue, _ place: String, _ known: [String]?, _ reader: inout SettingReader
    ) -> DLPPolicy? {
        let names = ["id", "action", "check", "enabled", "profiles"]
        guard let object = reader.object(element, place, known: names) else { return nil }
        let id = reader.text(object, "id", place) ?? ""
        if object["id"]?.stringValue != nil { checkID(id, place, &reader) }
        var sides: Set<GuardSide> = []
        for (index, side) in reader.elements(object, "check", place, most: GuardSide.allCases.count).enumerated() {
            if let side = reader.word(side, "\(place)/check/\(index)", GuardSide.self) { sides.insert(side) }
        }
        return DLPPolicy(
            id: id, action: action(object, place, &reader), sides: sides,
            isEnabled: reader.bool(object, "enabled", place), profiles: profiles(object, place, known, &reader))
    }

    /// Ids come back in a header field, which has little room.
    private static func checkID(_ id: String, _ place: String, _ reader: inout SettingReader) {
        let isPlain = id.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
        if !isPlain || !(1...longestPolicyID).contains(id.utf8.count) {
            reader.note("\(place)/id", "must have 1 to \(longestPolicyID) ASCII characters.")
        }
    }

    private static func action(
        _ object: JSONObject, _ pointer: String, _ reader: inout SettingReader
    ) -> GuardAction {
        guard let value = reader.required(object, "action", pointer) else { return .flag }
        return reader.word(value, "\(pointer)/action", GuardAction.self) ?? .flag
    }

    private static func profiles(
        _ object: JSONObject, _ pointer: String, _ known: [String]?, _ reader: inout SettingReader
    ) -> [String] {
        var profiles: [String] = []
        for (index, element) in reader.elements(object, "profiles", pointer, most: maximumProfiles).enumerated() {
            let place = "\(pointer)/profiles/\(index)"
            guard let id = element.stringValue else {
                reader.note(place, "must be a string.")
                continue
            }
            if let known, !known.contains(id) {
                reader.note(place, "names no profile. There are \(known.joined(separator: ", ")).")
            } else if !profiles.contains(id) {
                profiles.append(id)
            }
        }
        return profiles
    }

    /// The field in the form it came in.
    public var json: JSONValue {
        switch rules {
        case .single(let action, let profiles):
            ["enabled": .bool(isEnabled), "action": .string(action.rawValue), "profiles": .strings(profiles)]
        case .policies(let policies):
            ["enabled": .bool(isEnabled), "policies": .array(policies.map(\.json))]
        }
    }
}

extension DLPPolicy {
    fileprivate var json: JSONValue {
        let check = GuardSide.allCases.filter(sides.contains).map(\.rawValue)
        return [
            "id": .string(id), "action": .string(action.rawValue), "check": .strings(check),
            "enabled": .bool(isEnabled), "profiles": .strings(profiles),
        ]
    }
}

extension JSONValue {
    static func strings(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
}
