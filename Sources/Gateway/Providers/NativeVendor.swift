public import Telemetry

/// A vendor as it is reached in its own wire, under a name of its own in paths: where it is and how it is shown a key.
public struct NativeVendor: Sendable {
    /// How its address follows from the path.
    enum Place: Sendable {
        case fixed(String)
        /// The version may be left out of the path.
        case versioned(String)
        /// The address holds parts of the path.
        case derived(@Sendable (_ path: String) -> String?)
    }

    /// How a key is sent.
    struct KeyField: Sendable {
        let name: String
        /// What stands before the key; empty for nothing.
        let scheme: String

        static let bearer = KeyField(name: "Authorization", scheme: "Bearer")
        static func plain(_ name: String) -> KeyField { KeyField(name: name, scheme: "") }
    }

    /// As in `/{account}/{gateway}/{id}/…`.
    public let id: String
    /// What its models are called after in the catalogue.
    public let author: String
    /// Further names for it in paths and models.
    public let aliases: [String]
    /// Whether a key that the gateway keeps can be used: not where requests are signed with it.
    public let takesStoredKeys: Bool
    let place: Place
    let key: KeyField

    init(
        _ id: String, _ place: Place, key: KeyField = .bearer, author: String? = nil, aliases: [String] = [],
        takesStoredKeys: Bool = true
    ) {
        self.id = id
        self.author = author ?? id
        self.aliases = aliases
        self.takesStoredKeys = takesStoredKeys
        self.place = place
        self.key = key
    }

    /// What all its addresses begin with; nil when that depends on the path.
    public var base: String? {
        switch place {
        case .fixed(let base), .versioned(let base): base
        case .derived: nil
        }
    }

    /// The address of a path, its query included. Nil when the path does not say where to go.
    ///
    /// - Parameter path: What stands behind the vendor's name, without a slash before it.
    /// - Parameter base: Stands in for the vendor's own, where it has one.
    public func url(for path: String, base other: String? = nil) -> String? {
        switch place {
        case .fixed(let base): "\(other ?? base)/\(path)"
        case .versioned(let base): "\(other ?? base)/\(Self.namesVersion(path) ? "" : "v1/")\(path)"
        case .derived(let url): url(path)
        }
    }

    /// Whether a path begins like `v1/` or `v1beta/`.
    private static func namesVersion(_ path: String) -> Bool {
        var bytes = path.utf8.makeIterator()
        guard bytes.next() == UInt8(ascii: "v"), let digit = bytes.next() else { return false }
        return (48...57).contains(digit)
    }

    /// The header field that a key goes into, in lower case.
    public var keyHeaderName: String { key.name.lowercased() }

    public func keyHeader(_ secret: Secret) -> (name: String, value: String) {
        (key.name, key.scheme.isEmpty ? secret.reveal() : "\(key.scheme) \(secret.reveal())")
    }
}
