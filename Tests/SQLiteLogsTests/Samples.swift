import Domain

enum Samples {
    static let account = AccountID("acc_one")
    static let gateway = GatewayID("default")
    static let began = Timestamp(seconds: 1_760_000_000)

    /// Ids sort by their number, as a ULID's do by their time.
    static func id(_ number: Int) -> LogID {
        let digits = String(number, radix: 32, uppercase: true)
        return LogID("01K" + String(repeating: "0", count: 23 - digits.utf8.count) + digits)
    }

    static func entry(
        _ number: Int, account: AccountID = account, gateway: GatewayID = gateway, at seconds: Int? = nil
    ) -> GatewayLogEntry {
        GatewayLogEntry(
            id: id(number), account: account, gateway: gateway,
            createdAt: Timestamp(microseconds: began.microseconds + Int64(seconds ?? number) * 1_000_000),
            requestID: RequestID("req_\(number)"), provider: "openai", model: "openai/gpt-4o-mini",
            path: "chat/completions", durationMilliseconds: 812, statusCode: 200, isSuccess: true)
    }

    static func query(
        _ filters: [LogFilter] = [], search: String? = nil, order: LogQuery.Order = .createdAt,
        ascending: Bool = false, account: AccountID = account, gateway: GatewayID = gateway
    ) -> LogQuery {
        LogQuery(
            account: account, gateway: gateway, filters: filters, search: search, order: order, isAscending: ascending)
    }

    static func bodies(_ text: String, isStream: Bool = false) -> LogBodies {
        LogBodies(
            request: Array("asked \(text)".utf8), response: Array("said \(text)".utf8), isResponseStream: isStream)
    }

    /// With everything in it that an entry can have.
    static func fullEntry(_ number: Int) -> GatewayLogEntry {
        var entry = entry(number)
        entry.eventID = "evt_\(number)"
        entry.modelType = "text"
        entry.requestType = "chat"
        entry.requestContentType = "application/json"
        entry.responseContentType = "text/event-stream"
        entry.isCached = true
        entry.tokensIn = 120
        entry.tokensOut = 340
        entry.cost = Nanodollars(217_190)
        entry.isCustomCost = true
        entry.metadata = CallMetadata([
            CallMetadata.Entry(key: "user", value: .text("zwölf")),
            CallMetadata.Entry(key: "tries", value: .number("1.0")),
            CallMetadata.Entry(key: "paid", value: .bool(true)), CallMetadata.Entry(key: "", value: .text("")),
            CallMetadata.Entry(key: "long", value: .text(String(repeating: "x", count: 20_000))),
        ])
        entry.step = 0
        entry.feedback = -1
        entry.score = 100
        entry.isAuthenticated = false
        entry.isWholesale = true
        entry.isOnOwnKey = true
        entry.isCompatibilityMode = true
        entry.userAgent = "OpenAI/Python 2.8.0"
        entry.dlpAction = "FLAG"
        entry.dlpFindings = "{\"findings\":[]}"
        entry.guardrails = "S1,S10"
        entry.errorCode = 2_029
        entry.requestSize = 4_711
        entry.responseSize = 815
        return entry
    }
}

/// Entries as a busy application may leave them, the same for the same seed. Few differ in one thing only.
struct RandomEntries {
    private var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    static func make(_ count: Int, seed: UInt64) -> [GatewayLogEntry] {
        var maker = RandomEntries(seed: seed)
        return (0..<count).map { maker.entry($0) }
    }

    mutating func entry(_ number: Int) -> GatewayLogEntry {
        // Not quite in the order of ids, and some at the same time.
        var entry = Samples.entry(number, at: max(0, number + random.below(7) - 3) / 2)
        entry.provider = pick(["openai", "anthropic", "google-ai-studio", "workers-ai"])
        entry.model = entry.provider + "/" + pick(["small", "Large", "mini_2", "100%", "preview"])
        entry.path = pick(["chat/completions", "v1/messages", "models/gemini:generateContent", ""])
        entry.durationMilliseconds = Int64(random.below(3_000))
        entry.isSuccess = random.below(10) > 0
        entry.statusCode = entry.isSuccess ? 200 : 429
        entry.isCached = random.below(5) == 0
        entry.isAuthenticated = random.below(3) > 0
        entry.isWholesale = random.below(2) == 0
        entry.isOnOwnKey = !entry.isWholesale
        entry.isCompatibilityMode = random.below(4) == 0
        entry.isCustomCost = random.below(9) == 0
        entry.tokensIn = Int64(random.below(50) * 10)
        entry.tokensOut = Int64(random.below(50) * 10)
        entry.cost = random.below(6) == 0 ? nil : Nanodollars(Int64(random.below(1_000)) * 1_000)
        entry.eventID = random.below(3) == 0 ? nil : "evt_\(number / 3)"
        entry.modelType = optional(["text", "image", "Embeddings"])
        entry.requestType = optional(["chat", "embeddings"])
        entry.requestContentType = optional(["application/json", "multipart/form-data"])
        entry.responseContentType = optional(["application/json", "text/event-stream", "image/png"])
        entry.userAgent = optional(["OpenAI/Python 2.8.0", "curl/7.88.1", "Mozilla/5.0 (Zürich)", ""])
        entry.dlpAction = optional(["FLAG", "BLOCK"])
        entry.feedback = [nil, nil, 1, -1][random.below(4)]
        entry.score = random.below(2) == 0 ? nil : random.below(101)
        entry.metadata = metadata()
        return entry
    }

    private mutating func metadata() -> CallMetadata {
        var entries: [CallMetadata.Entry] = []
        for key in ["user", "plan", "tries", "isPaid", "User"] where random.below(3) > 0 {
            let value: CallMetadata.Value =
                switch random.below(4) {
                case 0: .number(pick(["1", "10", "2.5", "-3"]))
                case 1: .bool(random.below(2) == 0)
                default: .text(pick(["anna", "Bert", "free", "pro", "10", "50% off_", "true", "o'neil\\"]))
                }
            entries.append(CallMetadata.Entry(key: key, value: value))
        }
        return CallMetadata(entries)
    }

    private mutating func pick(_ texts: [String]) -> String { texts[random.below(texts.count)] }

    private mutating func optional(_ texts: [String]) -> String? {
        random.below(texts.count + 1) == 0 ? nil : pick(texts)
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
