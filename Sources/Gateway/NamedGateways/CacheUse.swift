import Dialects
import Domain
import JSON
import Pipeline

/// Whether a step's answer may come from the cache, and whether it is to go there.
struct CacheUse {
    /// Of a custom key without a lifetime, where the gateway keeps nothing otherwise.
    private static let customKeySeconds = 300

    private let cache: any AnswerCache
    private let key: AnswerKey
    private let seconds: Int
    private let clock: any WallClock
    /// How the vendor's stream would say that it is over; nil where it comes in a form that says so itself.
    private let wire: NativeWire?
    /// False for callers who want a fresh answer; it is kept all the same.
    let isRead: Bool
    let keepsStreams: Bool

    /// Nil when nothing is to be kept: caching is off, or the answer would be a stream and streams are not kept.
    init?(
        _ cache: (any AnswerCache)?, _ step: GatewayStep, _ target: StepTarget, _ call: GatewayRequest,
        _ gateway: LiveGateway, _ controls: GatewayControls, wantsStream: Bool, clock: any WallClock
    ) {
        guard let cache, call.gateway != nil, !wantsStream || cache.keepsStreams else { return nil }
        let usual = gateway.settings.cacheTTL
        let seconds = controls.cacheTTL ?? (usual == 0 && controls.cacheKey != nil ? Self.customKeySeconds : usual)
        guard seconds > 0 else { return nil }
        let (method, path) = step.target.methodAndPath
        let question = CacheQuestion(
            account: gateway.settings.account, gateway: gateway.settings.id, provider: target.provider, method: method,
            path: path, body: step.body, custom: controls.cacheKey, metadata: controls.metadata ?? CallMetadata(),
            principal: call.principal?.keyID,
            isStream: wantsStream)
        guard let key = cache.key(for: question) else { return nil }
        self.cache = cache
        self.key = key
        self.seconds = seconds
        self.clock = clock
        wire = if case .plain(let plain) = target.way { plain.wire } else { nil }
        isRead = controls.skipCache != true
        keepsStreams = cache.keepsStreams
    }

    func hit() -> KeptAnswer? {
        isRead ? cache.answer(key, at: clock.now()) : nil
    }

    func keep(_ reply: StepReply, _ body: [UInt8], isStream: Bool) {
        guard (200..<300).contains(reply.status), !isStream || keepsStreams && isComplete(body) else { return }
        cache.keep(
            KeptAnswer(
                status: reply.status, contentType: reply.contentType, headers: reply.headers, body: body,
                isStream: isStream, isOnOwnKey: reply.route.isOnOwnKey,
                isSandbox: reply.route.isSandbox),
            under: key, seconds: seconds, at: clock.now())
    }
}

extension CacheUse {
    /// Vendors end a connection in good order also where they failed in the middle of an answer.
    private func isComplete(_ stream: [UInt8]) -> Bool {
        guard let wire else { return true }
        var reader = NativeUsageStream(wire)
        let scanner = JSONScanner()
        reader.feed(stream, scanner: scanner)
        reader.finish(scanner: scanner)
        return reader.found.isComplete
    }
}

extension GatewayStep.Target {
    /// What tells two requests apart besides their bodies.
    var methodAndPath: (method: String, path: String) {
        switch self {
        case .model(let name, let operation): ("POST", "\(operation):\(name)")
        case .native(_, let method, let path): (method, path)
        }
    }
}
