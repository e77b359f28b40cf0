import Domain

@testable import ResponseCache

enum Samples {
    static let now = Timestamp(seconds: 1_760_000_000)

    static func request(_ body: String = "{}", account: String = "acc_one", gateway: String = "default") -> CacheRequest
    {
        CacheRequest(
            account: AccountID(account), gateway: GatewayID(gateway), provider: "openai", method: "POST",
            path: "v1/chat/completions", body: Array(body.utf8))
    }

    static func answer(_ text: String, at moment: Timestamp = now) -> CachedAnswer {
        CachedAnswer(
            status: 200, contentType: "application/json", headers: [CachedAnswer.Header("x-a", "1")],
            body: .whole(Array(text.utf8)), provider: "openai", model: "openai/gpt-4o-mini", tokensIn: 3, tokensOut: 5,
            logID: LogID("01K"), storedAt: moment)
    }

    static func later(_ seconds: Int64, _ microseconds: Int64 = 0) -> Timestamp {
        Timestamp(microseconds: now.microseconds + seconds * 1_000_000 + microseconds)
    }
}

/// A small generator whose whole sequence follows from its seed.
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
}
