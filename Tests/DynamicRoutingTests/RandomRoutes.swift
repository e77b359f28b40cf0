import JSON

@testable import DynamicRouting

/// Makes routes in which every element leads to later ones only, and breaks them.
struct RandomRoutes {
    var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    /// Always a valid route.
    mutating func valid() -> [JSONValue] {
        let count = 2 + random.below(18)
        var kinds = ["start"]
        for _ in 1..<(count - 1) {
            kinds.append(["conditional", "percentage", "rate", "model", "end"][random.below(5)])
        }
        kinds.append("end")
        let all = kinds.indices.map { element($0, kinds[$0], count) }
        return reachable(all).shuffled(using: &random)
    }

    private mutating func element(_ position: Int, _ kind: String, _ count: Int) -> JSONValue {
        func later() -> JSONValue {
            ["elementId": .string("e\(position + 1 + random.below(count - position - 1))")]
        }
        var object: JSONObject = ["id": .string("e\(position)"), "type": .string(kind)]
        var outputs = JSONObject()
        switch kind {
        case "start": outputs["next"] = later()
        case "conditional":
            outputs["true"] = later()
            outputs["false"] = later()
            object["properties"] = ["conditions": condition()]
        case "percentage":
            for (share, label) in shares() { outputs["\(share)%\(label)"] = later() }
        case "rate":
            outputs["success"] = later()
            if random.chance(70) { outputs["fallback"] = later() }
            object["properties"] = [
                "limitType": random.chance(50) ? "count" : "cost", "key": "metadata.user",
                "limit": .int(1 + random.below(100)), "window": .int(1 + random.below(1_000)),
            ]
        case "model":
            outputs["success"] = later()
            if random.chance(70) { outputs["fallback"] = later() }
            object["properties"] = ["provider": "p", "model": .string("m\(position)")]
        default: break
        }
        object["outputs"] = .object(outputs)
        return .object(object)
    }

    private mutating func condition() -> JSONValue {
        switch random.below(5) {
        case 0: ["metadata.plan": .string(random.chance(50) ? "free" : "pro")]
        case 1: ["metadata.seats": ["$gt": .int(random.below(20))]]
        case 2: ["$not": condition()]
        case 3: ["body.n": ["$exists": .bool(random.chance(50))]]
        default: ["$or": [["model": "x"], ["headers.x": ["$regex": "^a"]]]]
        }
    }

    private mutating func shares() -> [(Int, String)] {
        var rest = 100
        var shares: [Int] = []
        for _ in 0..<random.below(5) where rest > 1 {
            shares.append(1 + random.below(rest - 1))
            rest -= shares.last ?? 0
        }
        return (shares + [rest]).enumerated().map { ($1, " \($0)") }
    }

    private func reachable(_ all: [JSONValue]) -> [JSONValue] {
        let byID = Dictionary(uniqueKeysWithValues: all.map { ($0["id"]?.stringValue ?? "", $0) })
        var reached: Set = ["e0"]
        var waiting = ["e0"]
        while let id = waiting.popLast() {
            for output in byID[id]?["outputs"]?.objectValue?.members ?? [] {
                guard let target = output.value["elementId"]?.stringValue else { continue }
                if reached.insert(target).inserted { waiting.append(target) }
            }
        }
        return all.filter { reached.contains($0["id"]?.stringValue ?? "") }
    }

    /// The value with some parts of it replaced by others, at any depth.
    mutating func broken(_ value: JSONValue, _ percent: Int) -> JSONValue {
        if random.chance(percent) { return scrap(3) }
        switch value {
        case .array(let elements): return .array(elements.map { broken($0, percent) })
        case .object(let object):
            var copy = JSONObject()
            for member in object.members {
                if random.chance(percent) { continue }
                let key = random.chance(percent) ? word() : member.key
                copy.append(key, broken(member.value, percent))
                if random.chance(percent) { copy.append(key, broken(member.value, percent)) }
            }
            return .object(copy)
        default: return value
        }
    }

    mutating func scrap(_ depth: Int) -> JSONValue {
        switch random.below(depth > 0 ? 8 : 6) {
        case 0: return .null
        case 1: return .bool(random.chance(50))
        case 2: return .int(random.below(100) - 50)
        case 3: return .number(["1e999999999999", "-0", "0.00000000000000001", "1E+2"][random.below(4)])
        case 4, 5: return .string(word())
        case 6: return .array((0..<random.below(5)).map { _ in scrap(depth - 1) })
        default:
            var object = JSONObject()
            for _ in 0..<random.below(5) { object.append(word(), scrap(depth - 1)) }
            return .object(object)
        }
    }

    private mutating func word() -> String {
        let words = [
            "", "id", "type", "outputs", "properties", "elementId", "next", "true", "false", "success", "fallback",
            "start", "conditional", "percentage", "rate", "model", "end", "e0", "e1", "e2", "50%", "100%", "else",
            "conditions", "$and", "$or", "$not", "$eq", "$in", "$regex", "$gt", "metadata.a", "body.a.b", "limit",
            "window", "key", "limitType", "count", "cost", "provider", "timeout", "retries", "[", "é\u{301}", "\u{0}",
        ]
        return words[random.below(words.count)]
    }
}

extension JSONNumber {
    fileprivate init(_ spelling: String) {
        self = JSONNumber(spelling: spelling) ?? 0
    }
}

extension JSONValue {
    fileprivate static func number(_ spelling: String) -> JSONValue { .number(JSONNumber(spelling)) }
}
