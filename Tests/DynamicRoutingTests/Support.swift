import Domain
import JSON

@testable import DynamicRouting

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() >> 33) % bound }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}

/// Swift's own patterns stand in for the ones that cannot run long.
struct SwiftPatterns: PatternCompiler {
    private struct Held: @unchecked Sendable {
        // Never changed after it was made, and matching does not change it.
        let regex: Regex<AnyRegexOutput>
    }

    func compile(_ pattern: String) -> PatternMatcher? {
        guard let regex = try? Regex(pattern) else { return nil }
        let held = Held(regex: regex)
        return { $0.firstMatch(of: held.regex) != nil }
    }
}

func parsed(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8))
}

func graph(_ text: String) throws -> RouteGraph {
    try RouteGraph(parsed(text), patterns: SwiftPatterns())
}

/// What is wrong with elements; empty when nothing is.
func problems(_ text: String) throws -> [String] {
    do {
        _ = try graph(text)
        return []
    } catch let problems as RouteProblems {
        return problems.list.map(\.description)
    }
}

func facts(
    model: String = "dynamic/test", metadata: [(String, CallMetadata.Value)] = [], headers: [String: String] = [:],
    body: String = "{}"
) -> RouteFacts {
    RouteFacts(
        model: model, metadata: CallMetadata(metadata.map { CallMetadata.Entry(key: $0.0, value: $0.1) }),
        header: { headers[$0.lowercased()] }, body: { try? parsed(body) })
}

extension Timestamp {
    /// 2026-05-22 12:00:00 UTC.
    static let noon = Timestamp(seconds: 1_779_451_200)

    func adding(seconds: Int64) -> Timestamp { Timestamp(microseconds: microseconds + seconds * 1_000_000) }
}

/// Ids in the order in which they are asked for.
final class Ids {
    private var count = 0

    func next() -> String {
        count += 1
        return "id-\(count)"
    }
}

let simple = """
    [{"id":"s","type":"start","outputs":{"next":{"elementId":"m"}}},
     {"id":"m","type":"model","properties":{"provider":"openai","model":"gpt-5.4-mini"},
      "outputs":{"success":{"elementId":"e"}}},
     {"id":"e","type":"end","outputs":{}}]
    """
