/// The definition of one thing that can be set in a `Root`: everything that reading, checking and the reference need.
struct Setting<Root: Sendable>: Sendable {
    /// The full name, such as `server.max_body_bytes`; for a provider's field its last part only.
    let name: String
    let summary: String
    let kindName: String
    let allowed: String
    let isQuotable: Bool
    /// Reads a value into place. Answers false, changing nothing, when it is not allowed.
    let set: @Sendable (String, inout Root) -> Bool
    /// The value as it would be written, a secret redacted. Nil when it is not set.
    let text: @Sendable (Root) -> String?

    init<Value>(
        _ name: String, _ place: any WritableKeyPath<Root, Value> & Sendable, _ kind: SettingKind<Value>,
        _ summary: String
    ) {
        self.name = name
        self.summary = summary
        kindName = kind.name
        allowed = kind.allowed
        isQuotable = kind.isQuotable
        set = { text, root in
            guard let value = kind.read(text) else { return false }
            root[keyPath: place] = value
            return true
        }
        text = { kind.write($0[keyPath: place]) }
    }

    init<Value>(
        _ name: String, optional place: any WritableKeyPath<Root, Value?> & Sendable, _ kind: SettingKind<Value>,
        _ summary: String
    ) {
        self.init(name, place, kind.orNone(), summary)
    }
}

extension Setting where Root == Settings {
    static var environmentPrefix: String { "AIGATEWAY_" }

    /// The part before the dot.
    var section: String { String(name.prefix { $0 != "." }) }

    /// The part behind the dot.
    var key: String { String(name.drop { $0 != "." }.dropFirst()) }

    var environmentName: String {
        Self.environmentPrefix + name.uppercased().map { $0 == "." ? "_" : String($0) }.joined()
    }
}
