public import Domain
public import JSON

extension CallMetadata {
    /// The first entries, as many as there may be; none at all when any value is null or nested. Of a key that comes
    /// twice the last value counts. Keys that the gateway keeps for itself are left out.
    public init(reading object: JSONObject) {
        var entries: [Entry] = []
        for (key, value) in object {
            guard let value = Value(value) else {
                self.init()
                return
            }
            guard !key.hasPrefix(Self.reservedPrefix) else { continue }
            if let place = entries.firstIndex(where: { $0.key == key }) {
                entries[place].value = value
            } else if entries.count < Self.mostEntries {
                entries.append(Entry(key: key, value: value))
            }
        }
        self.init(entries)
    }

    init(parsing control: ControlValue) throws(GatewayError) {
        guard let value = try? JSONValue(parsing: Array(control.text.utf8)), let object = value.objectValue else {
            throw control.wrong("must be a JSON object, such as `{\"team\":\"search\"}`")
        }
        self.init(reading: object)
    }
}

extension CallMetadata.Value {
    /// Nil for null, arrays and objects.
    public init?(_ value: JSONValue) {
        switch value {
        case .string(let text): self = .text(text)
        case .number(let number): self = .number(number.spelling)
        case .bool(let bool): self = .bool(bool)
        case .null, .array, .object: return nil
        }
    }
}
