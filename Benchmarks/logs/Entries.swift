import Domain

/// Entries as a busy application leaves them: a few models and programs, many users, an id for each request.
struct Entries {
    static let account = AccountID("acc_benchmark")
    static let gateway = GatewayID("default")
    static let began: Int64 = 1_760_000_000_000_000
    /// Between two entries.
    static let step: Int64 = 40_000
    private static let providers = ["openai", "anthropic", "google-ai-studio", "workers-ai", "groq"]
    private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    private var state: UInt64 = 42

    mutating func entry(_ number: Int) -> GatewayLogEntry {
        let created = Self.began + Int64(number) * Self.step
        let provider = Self.providers[below(Self.providers.count)]
        var entry = GatewayLogEntry(
            id: id(at: created), account: Self.account, gateway: Self.gateway,
            createdAt: Timestamp(microseconds: created), requestID: RequestID("req_\(text(16))"), provider: provider,
            model: "\(provider)/model-\(below(12))", path: "v1/path-\(below(8))",
            durationMilliseconds: Int64(below(30_000)), statusCode: 200, isSuccess: below(50) > 0)
        entry.isCached = below(10) == 0
        entry.modelType = "text"
        entry.requestType = "chat"
        entry.requestContentType = "application/json"
        entry.responseContentType = below(2) == 0 ? "application/json" : "text/event-stream"
        entry.tokensIn = Int64(below(8_000))
        entry.tokensOut = Int64(below(2_000))
        entry.cost = Nanodollars(Int64(below(90_000_000)))
        entry.userAgent = "OpenAI/Python 2.\(below(30)).0"
        entry.isCompatibilityMode = below(3) == 0
        entry.isWholesale = below(2) == 0
        if below(2) == 0 { entry.eventID = "evt_\(text(28))" }
        if below(500) == 0 { entry.feedback = below(3) == 0 ? -1 : 1 }
        if below(1_000) == 0 { entry.dlpAction = "FLAG" }
        entry.metadata = CallMetadata([
            CallMetadata.Entry(key: "user", value: .text("user-\(below(100_000))")),
            CallMetadata.Entry(key: "plan", value: .text(["free", "pro", "team"][below(3)])),
            CallMetadata.Entry(key: "trace", value: .text(text(20))),
        ])
        entry.requestSize = Int64(below(20_000))
        entry.responseSize = Int64(below(20_000))
        return entry
    }

    mutating func bodies() -> LogBodies {
        LogBodies(
            request: Array(repeating: UInt8(ascii: "q"), count: 500 + below(3_000)),
            response: Array(repeating: UInt8(ascii: "a"), count: 500 + below(3_000)))
    }

    private mutating func id(at created: Int64) -> LogID {
        var time = UInt64(created / 1_000)
        var text: [UInt8] = []
        for _ in 0..<10 {
            text.append(Self.digits[Int(time & 31)])
            time >>= 5
        }
        text.reverse()
        return LogID(String(decoding: text, as: UTF8.self) + self.text(16))
    }

    private mutating func text(_ count: Int) -> String {
        String(decoding: (0..<count).map { _ in Self.digits[below(32)] }, as: UTF8.self)
    }

    private mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) >> 33) % bound
    }
}
