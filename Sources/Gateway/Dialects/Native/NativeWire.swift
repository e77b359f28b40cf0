/// The wires of vendors whose answers tell what they used, for requests that are passed on as they came.
public enum NativeWire: String, Hashable, Sendable, CaseIterable {
    case openAIChat
    case openAIResponses
    case openAIEmbeddings
    case anthropicMessages
    case geminiGenerate
    case cohereChat
    /// A model that Cloudflare hosts, under its own name.
    case workersAIRun

    /// The wire that is spoken at a vendor's path; nil when it is none of these.
    ///
    /// - Parameter provider: As the gateway's addresses name it, such as `google-ai-studio`. A name nobody knows is
    ///   taken for a vendor that speaks any of the usual wires.
    /// - Parameter path: What stands behind the vendor's name, with or without a slash before and a query behind it.
    public static func of(provider: String, path: String) -> NativeWire? {
        let segments = NativePath.segments(path)
        let routes = NativeWireTable.routes[provider] ?? NativeWireTable.others
        return routes.first { $0.pattern.matches(segments) }?.wire
    }
}
