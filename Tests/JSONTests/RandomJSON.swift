/// SplitMix64: the same seed gives the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// Makes JSON texts with every spelling the grammar allows, and knows what their parts are.
struct RandomJSON {
    struct Member {
        var rawKey: String
        var key: String
        var rawValue: String
    }

    var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func pick<T>(_ choices: [T]) -> T {
        choices[Int.random(in: 0..<choices.count, using: &generator)]
    }

    mutating func space() -> String {
        pick(["", "", "", " ", "\n", "\t", "\r\n", "    ", " \n\t\r ", String(repeating: " ", count: 70)])
    }

    /// The raw text between quotes, and what it means.
    mutating func string() -> (raw: String, meaning: String) {
        let parts = [
            ("a", "a"), ("model", "model"), ("é", "é"), ("😀", "😀"), (#"\""#, "\""), (#"\\"#, "\\"), (#"\/"#, "/"),
            (#"\n"#, "\n"), (#"\u0041"#, "A"), (#"\ud83d\ude00"#, "😀"), (#"\uD83D"#, "\u{FFFD}"), ("{", "{"),
            ("]", "]"),
            (",", ","), (":", ":"), (#"\\\""#, "\\\""), (#"\u0000"#, "\0"), ("/", "/"),
            (String(repeating: "x", count: 100), String(repeating: "x", count: 100)),
        ]
        var result = (raw: "", meaning: "")
        for _ in 0..<Int.random(in: 0...5, using: &generator) {
            let part = pick(parts)
            result.raw += part.0
            result.meaning += part.1
        }
        return result
    }

    mutating func value(depth: Int) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &generator) {
        case 0: return "null"
        case 1: return pick(["true", "false"])
        case 2: return pick(["0", "-0", "1.50", "1e5", "-12E-3", "18446744073709551616", "1e999", "7"])
        case 3...5: return "\"" + string().raw + "\""
        case 6: return array(depth: depth - 1).text
        default: return object(depth: depth - 1).text
        }
    }

    mutating func array(depth: Int) -> (text: String, elements: [String]) {
        let elements = (0..<Int.random(in: 0...5, using: &generator)).map { _ in value(depth: depth) }
        let padded = elements.map { space() + $0 + space() }
        return ("[" + (elements.isEmpty ? space() : padded.joined(separator: ",")) + "]", elements)
    }

    mutating func object(depth: Int) -> (text: String, members: [Member]) {
        let members = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
            let key = string()
            return Member(rawKey: key.raw, key: key.meaning, rawValue: value(depth: depth))
        }
        let padded = members.map { space() + "\"" + $0.rawKey + "\"" + space() + ":" + space() + $0.rawValue + space() }
        return ("{" + (members.isEmpty ? space() : padded.joined(separator: ",")) + "}", members)
    }
}
