import JSON

/// A question about a request that has a yes or a no for every request.
indirect enum RouteCondition: Sendable {
    case all([RouteCondition])
    case any([RouteCondition])
    case not(RouteCondition)
    case test(FactPath, FactTest)

    func holds(for facts: RouteFacts) -> Bool {
        switch self {
        case .all(let parts): parts.allSatisfy { $0.holds(for: facts) }
        case .any(let parts): parts.contains { $0.holds(for: facts) }
        case .not(let part): !part.holds(for: facts)
        case .test(let path, let test): test.holds(for: facts.value(at: path))
        }
    }
}

/// What one operator asks of one value.
enum FactTest: Sendable {
    case equal(Operand)
    case notEqual(Operand)
    case oneOf([Operand])
    case noneOf([Operand])
    case order(OrderTest, Operand)
    case exists(Bool)
    case matches(PatternMatcher)

    /// What is not there is like nothing: only `notEqual`, `noneOf` and `exists(false)` hold.
    func holds(for fact: Fact?) -> Bool {
        switch self {
        case .equal(let operand): operand.isEqual(fact)
        case .notEqual(let operand): !operand.isEqual(fact)
        case .oneOf(let operands): operands.contains { $0.isEqual(fact) }
        case .noneOf(let operands): !operands.contains { $0.isEqual(fact) }
        case .order(let test, let operand): operand.order(of: fact).map(test.accepts) ?? false
        case .exists(let expected): (fact != nil) == expected
        case .matches(let matcher): fact.map { Self.matches($0, matcher) } ?? false
        }
    }

    private static func matches(_ fact: Fact, _ matcher: PatternMatcher) -> Bool {
        guard case .text(let text) = fact else { return false }
        return matcher(text)
    }
}

enum OrderTest: String, Sendable {
    case greater = "$gt"
    case atLeast = "$gte"
    case less = "$lt"
    case atMost = "$lte"

    /// - Parameter order: Of the fact to the operand: below 0, 0, or above 0.
    func accepts(_ order: Int) -> Bool {
        switch self {
        case .greater: order > 0
        case .atLeast: order >= 0
        case .less: order < 0
        case .atMost: order <= 0
        }
    }
}

/// What a route compares with. Values of different kinds are never equal, and neither is the larger.
struct Operand: Sendable {
    let fact: Fact

    func isEqual(_ other: Fact?) -> Bool {
        switch (fact, other) {
        case (.number(let left), .number(let right)): NumberOrder.isEqual(left, right)
        case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
        case (.bool(let left), .bool(let right)): left == right
        case (.null, .null): true
        default: false
        }
    }

    /// Of the other to this; nil when they are of different kinds, or have no order.
    func order(of other: Fact?) -> Int? {
        switch (other, fact) {
        case (.number(let left), .number(let right)): NumberOrder.compare(left, right)
        case (.text(let left), .text(let right)):
            left.utf8.elementsEqual(right.utf8) ? 0 : left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
        default: nil
        }
    }
}
