public import Domain

/// How much a gateway may spend on certain calls in a window of time.
public struct SpendRule: Hashable, Sendable {
    /// What a rule does with the model, the provider, or a value of the metadata.
    public enum Dimension: Hashable, Sendable {
        /// Each value has a budget of its own. What a call does not have is a value too.
        case partition
        /// The rule is for calls with one of these values.
        case filter([String])
    }

    public struct MetadataDimension: Hashable, Sendable {
        public var key: String
        public var dimension: Dimension

        public init(key: String, dimension: Dimension) {
            self.key = key
            self.dimension = dimension
        }
    }

    public var id: String
    public var isEnabled: Bool
    public var limit: Nanodollars
    public var window: ClockWindow
    public var model: Dimension?
    public var provider: Dimension?
    /// All of them must hold.
    public var metadata: [MetadataDimension]

    public init(
        id: String, isEnabled: Bool = true, limit: Nanodollars, window: ClockWindow, model: Dimension? = nil,
        provider: Dimension? = nil, metadata: [MetadataDimension] = []
    ) {
        self.id = id
        self.isEnabled = isEnabled
        self.limit = limit
        self.window = window
        self.model = model
        self.provider = provider
        self.metadata = metadata
    }

    /// Under which of its counters a call counts; nil when the rule is not for it.
    func partition(of call: SpendCall) -> String? {
        guard isEnabled else { return nil }
        var values: [String?] = []
        for (dimension, names) in [(provider, [call.provider]), (model, call.modelNames)] {
            switch dimension {
            case nil: break
            case .partition: values.append(names.first)
            case .filter(let allowed):
                guard allowed.contains(where: names.contains) else { return nil }
            }
        }
        for entry in metadata {
            let value = call.metadata[entry.key]?.text
            switch entry.dimension {
            case .partition: values.append(value)
            case .filter(let allowed):
                guard let value, allowed.contains(value) else { return nil }
            }
        }
        return PartitionKey.make(values)
    }
}

/// What spend limits ask about a call.
public struct SpendCall: Hashable, Sendable {
    public var provider: String
    /// With or without the provider before it.
    public var model: String
    public var metadata: CallMetadata

    public init(provider: String, model: String, metadata: CallMetadata = CallMetadata()) {
        self.provider = provider
        self.model = model
        self.metadata = metadata
    }

    /// `provider/model` and `model`: rules may name either.
    var modelNames: [String] {
        let prefix = provider + "/"
        let bare = model.hasPrefix(prefix) ? String(model.dropFirst(prefix.count)) : model
        return [prefix + bare, bare]
    }
}

/// The rules of one gateway.
public struct SpendLimits: Hashable, Sendable {
    public static let mostRules = 20

    public var isEnabled: Bool
    public var rules: [SpendRule]

    public init(isEnabled: Bool = false, rules: [SpendRule] = []) {
        self.isEnabled = isEnabled
        self.rules = rules
    }
}
