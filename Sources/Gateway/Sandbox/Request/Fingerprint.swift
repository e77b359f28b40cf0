import JSON

/// A 64-bit FNV-1a hash; the same on every machine and in every run.
struct StableHash {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }

    mutating func add(_ text: String) {
        for byte in text.utf8 { add(byte) }
        // No UTF-8 text has this byte, so neighbouring texts cannot run into each other.
        add(0xff)
    }
}

/// The number that stands for what a request asks, whatever order its members have and however it is delivered.
enum Fingerprint {
    /// Members that say how to deliver, to whom and how much of it, not what to answer: a shorter limit gives the
    /// beginning of the same answer.
    static let ignored: Set<String> = [
        "stream", "stream_options", "user", "max_tokens", "max_completion_tokens", "stop", "n", "logprobs",
        "top_logprobs",
    ]

    static func of(_ request: JSONObject) -> UInt64 {
        var hash = StableHash()
        add(JSONObject(members: request.members.filter { !ignored.contains($0.key) }), to: &hash)
        return hash.value
    }

    private static func add(_ object: JSONObject, to hash: inout StableHash) {
        hash.add(UInt8(ascii: "{"))
        for member in object.members.sorted(by: { $0.key < $1.key }) {
            hash.add(member.key)
            add(member.value, to: &hash)
        }
        hash.add(UInt8(ascii: "}"))
    }

    private static func add(_ value: JSONValue, to hash: inout StableHash) {
        switch value {
        case .null: hash.add(UInt8(ascii: "n"))
        case .bool(let flag): hash.add(UInt8(ascii: flag ? "t" : "f"))
        case .number(let number):
            hash.add(UInt8(ascii: "#"))
            // 1, 1.0 and 1e0 are one number.
            hash.add(number.int64.map { "\($0)" } ?? number.double.map { "\($0)" } ?? number.spelling)
        case .string(let text):
            hash.add(UInt8(ascii: "\""))
            hash.add(text)
        case .array(let elements):
            hash.add(UInt8(ascii: "["))
            for element in elements { add(element, to: &hash) }
            hash.add(UInt8(ascii: "]"))
        case .object(let object): add(object, to: &hash)
        }
    }
}

/// SplitMix64: a stream of numbers that is the same for the same seed.
struct StableRandom {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// A number from 0 up to, not including, `bound`; 0 when there is no room.
    mutating func below(_ bound: Int) -> Int {
        bound > 1 ? Int(next() % UInt64(bound)) : 0
    }

    mutating func pick<Value>(_ values: [Value]) -> Value? {
        values.isEmpty ? nil : values[below(values.count)]
    }

    mutating func pick(_ values: [String]) -> String {
        values.isEmpty ? "" : values[below(values.count)]
    }

    mutating func letters(_ count: Int) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<count).map { _ in alphabet[below(alphabet.count)] })
    }
}
