import JSON

/// Makes a condition of `conditions`, or says all that is wrong with it.
struct ConditionReader {
    private(set) var problems: [JSONProblem] = []
    private let patterns: any PatternCompiler
    private var parts = 0

    static let operators = [
        "$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$exists", "$regex", "$not",
    ]

    init(patterns: any PatternCompiler) {
        self.patterns = patterns
    }

    /// Nil when something is wrong with it.
    mutating func read(_ value: JSONValue, at pointer: JSONPointer) -> RouteCondition? {
        let condition = condition(value, at: pointer, depth: 1)
        return problems.isEmpty ? condition : nil
    }

    private mutating func condition(_ value: JSONValue, at pointer: JSONPointer, depth: Int) -> RouteCondition {
        guard let members = members(value, at: pointer, depth: depth, holding: "conditions") else { return .all([]) }
        var all: [RouteCondition] = []
        for member in members {
            let place = pointer.member(member.key)
            switch member.key {
            case "$and": all.append(.all(branches(member.value, at: place, depth: depth)))
            case "$or": all.append(.any(branches(member.value, at: place, depth: depth)))
            case "$not": all.append(.not(condition(member.value, at: place, depth: depth + 1)))
            default: all += tests(of: member.key, member.value, at: place, depth: depth)
            }
        }
        return all.count == 1 ? all[0] : .all(all)
    }

    private mutating func branches(_ value: JSONValue, at pointer: JSONPointer, depth: Int) -> [RouteCondition] {
        guard let branches = list(value, at: pointer, of: "conditions") else { return [] }
        return branches.enumerated().map { position, branch in
            condition(branch, at: pointer.element(position), depth: depth + 1)
        }
    }

    private mutating func tests(
        of name: String, _ value: JSONValue, at pointer: JSONPointer, depth: Int
    ) -> [RouteCondition] {
        guard !name.hasPrefix("$") else {
            report(pointer, "is no known combination; known are $and, $or, $not")
            return []
        }
        guard let path = FactPath(name) else {
            report(pointer, "is no path; paths are \(FactPath.grammar)")
            return []
        }
        guard case .object = value else {
            return operand(value, at: pointer).map { [.test(path, .equal($0))] } ?? []
        }
        return operations(on: path, value, at: pointer, depth: depth + 1)
    }

    /// All of the operators must hold.
    private mutating func operations(
        on path: FactPath, _ value: JSONValue, at pointer: JSONPointer, depth: Int
    ) -> [RouteCondition] {
        guard let members = members(value, at: pointer, depth: depth, holding: "operators") else { return [] }
        return members.compactMap { member in
            let place = pointer.member(member.key)
            guard member.key != "$not" else {
                return .not(.all(operations(on: path, member.value, at: place, depth: depth + 1)))
            }
            return test(member.key, member.value, at: place).map { .test(path, $0) }
        }
    }

    private mutating func test(_ name: String, _ value: JSONValue, at pointer: JSONPointer) -> FactTest? {
        switch name {
        case "$eq": operand(value, at: pointer).map(FactTest.equal)
        case "$ne": operand(value, at: pointer).map(FactTest.notEqual)
        case "$in": operands(value, at: pointer).map(FactTest.oneOf)
        case "$nin": operands(value, at: pointer).map(FactTest.noneOf)
        case "$gt", "$gte", "$lt", "$lte": order(name, value, at: pointer)
        case "$exists": existence(value, at: pointer)
        case "$regex": pattern(value, at: pointer)
        default: unknown(pointer)
        }
    }

    private mutating func order(_ name: String, _ value: JSONValue, at pointer: JSONPointer) -> FactTest? {
        guard let test = OrderTest(rawValue: name), value.numberValue != nil || value.stringValue != nil else {
            report(pointer, "must be a number or a text")
            return nil
        }
        return operand(value, at: pointer).map { .order(test, $0) }
    }

    private mutating func existence(_ value: JSONValue, at pointer: JSONPointer) -> FactTest? {
        if value.boolValue == nil { report(pointer, "must be true or false") }
        return value.boolValue.map(FactTest.exists)
    }

    private mutating func pattern(_ value: JSONValue, at pointer: JSONPointer) -> FactTest? {
        guard let pattern = value.stringValue, !pattern.isEmpty, pattern.utf8.count <= RouteBounds.longestPattern
        else {
            report(pointer, "must be a pattern of 1 to \(RouteBounds.longestPattern) bytes")
            return nil
        }
        let matcher = patterns.compile(pattern)
        if matcher == nil { report(pointer, "is no valid pattern") }
        return matcher.map(FactTest.matches)
    }

    private mutating func unknown(_ pointer: JSONPointer) -> FactTest? {
        report(pointer, "is no known operator; known are \(Self.operators.joined(separator: ", "))")
        return nil
    }

    private mutating func operands(_ value: JSONValue, at pointer: JSONPointer) -> [Operand]? {
        list(value, at: pointer, of: "values")?.enumerated().compactMap { position, element in
            operand(element, at: pointer.element(position))
        }
    }

    private mutating func operand(_ value: JSONValue, at pointer: JSONPointer) -> Operand? {
        let fact = Fact(value)
        switch fact {
        case .composite: report(pointer, "must be a text, a number, true, false or null")
        case .text(let text) where text.utf8.count > RouteBounds.longestOperand:
            report(pointer, "must be at most \(RouteBounds.longestOperand) bytes")
        case .number(let number) where number.spelling.utf8.count > RouteBounds.longestOperand:
            report(pointer, "must be at most \(RouteBounds.longestOperand) digits")
        default: return Operand(fact: fact)
        }
        return nil
    }

    private mutating func list(_ value: JSONValue, at pointer: JSONPointer, of content: String) -> [JSONValue]? {
        guard let list = value.arrayValue, (1...RouteBounds.mostOperands).contains(list.count) else {
            report(pointer, "must be a list of 1 to \(RouteBounds.mostOperands) \(content)")
            return nil
        }
        return list
    }

    /// The members of an object that is not empty, not too deep, and not one too many.
    private mutating func members(
        _ value: JSONValue, at pointer: JSONPointer, depth: Int, holding content: String
    ) -> [JSONObject.Member]? {
        guard let object = value.objectValue, !object.isEmpty else {
            report(pointer, "must be an object that holds \(content)")
            return nil
        }
        guard depth <= RouteBounds.deepestCondition else {
            report(pointer, "lies too deep: at most \(RouteBounds.deepestCondition) levels are allowed")
            return nil
        }
        parts += object.count
        guard parts <= RouteBounds.mostConditionParts else {
            report(pointer, "is one too many: at most \(RouteBounds.mostConditionParts) parts are allowed")
            return nil
        }
        if object.hasRepeatedKeys { report(pointer, "holds a key twice") }
        return object.members
    }

    private mutating func report(_ pointer: JSONPointer, _ text: String) {
        problems.append(JSONProblem(pointer, text))
    }
}
