import JSON

/// An element as it was written, before anything is known of the others.
struct ElementDraft: Sendable {
    struct Output: Sendable {
        let name: String
        let target: String
        let pointer: JSONPointer
    }

    enum Content: Sendable {
        case start
        case conditional(RouteCondition)
        /// In the order of the outputs.
        case percentage([UInt64])
        case rate(RateRule)
        case model(ModelRule)
        case end
    }

    let pointer: JSONPointer
    var id: String?
    var type: RouteElementType?
    var outputs: [Output] = []
    /// Whether all outputs could be read.
    var areOutputsWhole = false
    /// Nil when something is wrong with it.
    var content: Content?

    func target(_ name: String) -> String? {
        outputs.first { $0.name == name }?.target
    }
}
