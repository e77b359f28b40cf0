public import Domain

/// The kinds of elements a route is made of.
enum RouteElementType: String, CaseIterable, Sendable {
    case start, conditional, percentage, rate, model, end

    /// Outputs that must be there, and ones that may be.
    var outputs: (required: [String], optional: [String]) {
        switch self {
        case .start: (["next"], [])
        case .conditional: (["true", "false"], [])
        case .rate, .model: (["success"], ["fallback"])
        case .percentage, .end: ([], [])
        }
    }
}

/// An element of a checked graph. Targets are positions in the graph.
struct RouteElement: Sendable {
    enum Action: Sendable {
        case start(next: Int)
        case conditional(RouteCondition, then: Int, otherwise: Int)
        case percentage(RouteShares, [Int])
        case rate(RateRule, success: Int, fallback: Int?)
        case model(ModelRule, success: Int, fallback: Int?)
        case end
    }

    let id: String
    let action: Action
}

/// How much of something there may be for each value of a key.
struct RateRule: Sendable {
    let key: FactPath
    let limit: RateLimit
    let windowSeconds: Int64
}

/// What a `rate` element counts, and up to where.
public enum RateLimit: Hashable, Sendable {
    case count(Int64)
    case cost(Nanodollars)
}

struct ModelRule: Hashable, Sendable {
    let provider: String
    let model: String
    let timeoutMilliseconds: Int64?
    let retries: Int?
}
