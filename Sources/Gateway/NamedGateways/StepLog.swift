import Domain
import HTTPCore
import OperatingSystem
import Pipeline

/// What will be written down of one step, gathered while it runs. Written once, however it ends.
struct StepLog {
    private static let clock = SystemClock()
    /// Bytes of a body that are kept; longer ones are cut.
    static let mostBodyBytes = 10 << 20

    private var entry: GatewayLogEntry
    private let request: [UInt8]?
    private let beganAt: UInt64
    private let store: any GatewayLogStore
    let isWritten: Bool
    let keepsBodies: Bool

    /// - Parameter isWritten: Nothing is kept when logs are off, or full.
    init(
        _ call: GatewayRequest, _ gateway: GatewayID, step: Int?, body: [UInt8], provider: String, model: String,
        controls: GatewayControls, isWritten: Bool, store: any GatewayLogStore
    ) {
        let now = Timestamp(microseconds: Self.clock.wallMicroseconds())
        entry = GatewayLogEntry(
            id: LogID(isWritten ? ULID.next(at: now) : ""), account: call.account.id, gateway: gateway, createdAt: now,
            requestID: call.requestID, provider: provider, model: model, path: call.path, durationMilliseconds: 0,
            statusCode: 0, isSuccess: false)
        entry.step = step
        entry.eventID = controls.eventID
        entry.metadata = controls.metadata ?? CallMetadata()
        entry.requestContentType = call.headers.first("content-type")
        entry.userAgent = call.headers.first("user-agent")
        entry.isAuthenticated = call.principal != nil
        entry.isCompatibilityMode = call.kind == .compat
        entry.requestSize = Int64(body.count)
        keepsBodies = isWritten && controls.collectPayload != false
        request = keepsBodies ? Self.cut(body) : nil
        beganAt = Self.clock.monotonicNanoseconds()
        self.isWritten = isWritten
        self.store = store
    }

    var id: LogID? { isWritten ? entry.id : nil }
    var startedAt: Timestamp { entry.createdAt }

    mutating func note(model: String, provider: String, type: String?) {
        entry.model = model
        entry.provider = provider
        entry.modelType = type
    }

    mutating func note(_ route: RouteTaken) {
        entry.isOnOwnKey = route.isOnOwnKey
        entry.isWholesale = !route.isOnOwnKey
    }

    mutating func note(dlpAction: String, findings: String) {
        entry.dlpAction = dlpAction
        entry.dlpFindings = findings
    }

    /// Hazards that are told and nothing more, of the request and of its answer.
    mutating func note(flagged categories: [String]) {
        let known = entry.guardrails?.split(separator: ",").map(String.init) ?? []
        entry.guardrails = (known + categories.filter { !known.contains($0) }).joined(separator: ",")
    }

    mutating func noteHit(isOnOwnKey: Bool) {
        entry.isCached = true
        entry.isOnOwnKey = isOnOwnKey
        entry.cost = .zero
    }

    mutating func note(_ bill: CallBill?, custom: CustomCost?) {
        guard let bill else { return }
        entry.tokensIn = Int64(bill.usage.promptTokens)
        entry.tokensOut = Int64(bill.usage.completionTokens)
        // What a caller's own vendor key will be billed is a cost of the call too.
        entry.cost = bill.charge.vendorCost
        guard let custom else { return }
        entry.cost = custom.cost(of: bill.usage)
        entry.isCustomCost = true
    }

    func write(answered status: Int, contentType: String, body: [UInt8]?, size: Int, isStream: Bool) -> GatewayLogEntry
    {
        write(status: status, error: nil) { entry in
            entry.responseContentType = contentType
            entry.responseSize = Int64(size)
            return LogBodies(
                request: request, response: keepsBodies ? body.map(Self.cut) : nil, isResponseStream: isStream)
        }
    }

    func write(failed error: GatewayError, status: Int, body: [UInt8]? = nil) -> GatewayLogEntry {
        write(status: status, error: error) { entry in
            entry.errorCode = GatewayErrorCode.of(error.reason)
            entry.responseSize = Int64(body?.count ?? 0)
            return LogBodies(request: request, response: keepsBodies ? body.map(Self.cut) : nil)
        }
    }

    private func write(
        status: Int, error: GatewayError?, _ finish: (inout GatewayLogEntry) -> LogBodies
    ) -> GatewayLogEntry {
        var entry = entry
        entry.durationMilliseconds = Int64((Self.clock.monotonicNanoseconds() &- beganAt) / 1_000_000)
        entry.statusCode = status
        entry.isSuccess = error == nil && (200..<300).contains(status)
        let bodies = finish(&entry)
        if isWritten { store.append(entry, bodies: keepsBodies ? bodies : nil) }
        return entry
    }

    private static func cut(_ body: [UInt8]) -> [UInt8] {
        body.count <= mostBodyBytes ? body : Array(body.prefix(mostBodyBytes))
    }
}

extension CustomCost {
    /// Rates are for a million tokens. Tokens of the vendor's cache go at the input's rate where they have none.
    func cost(of usage: TokenUsage) -> Nanodollars {
        if let total { return total }
        // A missing rate for the cache is the input's anyway.
        return TokenPrices(
            input: input?.rawValue, output: output?.rawValue, cacheRead: cacheRead?.rawValue,
            cacheWrite: cacheWrite?.rawValue
        ).cost(of: usage)
    }
}
