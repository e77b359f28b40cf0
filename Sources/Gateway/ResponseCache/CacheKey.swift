public import Crypto
public import Domain

/// By what an answer is found again. Good for one state of its gateway: what is forgotten is forgotten under every key
/// that was made before, and an answer that was under way meanwhile is not kept.
public struct CacheKey: Hashable, Sendable {
    public let account: AccountID
    public let gateway: GatewayID
    /// Of everything that makes two requests the same, account and gateway included.
    public let digest: Digest32
    let age: GatewayAge

    init(_ request: CacheRequest, age: GatewayAge) {
        account = request.account
        gateway = request.gateway
        digest = Fingerprint.of(Self.content(of: request))
        self.age = age
    }

    /// For those who keep a key as bytes, beside its account and gateway.
    public var encoded: [UInt8] {
        var bytes = digest.bytes
        Self.append(age.everybody, to: &bytes)
        Self.append(age.own, to: &bytes)
        return bytes
    }

    /// Nil when the bytes are not what `encoded` gives.
    public init?(account: AccountID, gateway: GatewayID, encoded: [UInt8]) {
        guard encoded.count == Digest32.byteCount + 16, let digest = Digest32(bytes: Array(encoded.prefix(32))) else {
            return nil
        }
        self.account = account
        self.gateway = gateway
        self.digest = digest
        age = GatewayAge(everybody: Self.number(encoded, at: 32), own: Self.number(encoded, at: 40))
    }

    /// Each part with its length before it, so that none can pass for the end of another.
    private static func content(of request: CacheRequest) -> [UInt8] {
        var content: [UInt8] = []
        content.reserveCapacity(request.body.count + 256)
        append(request.account.rawValue.utf8, to: &content)
        append(request.gateway.rawValue.utf8, to: &content)
        append((request.partition ?? "").utf8, to: &content)
        content.append(request.partition == nil ? 0 : 1)
        if let custom = request.customKey {
            content.append(Form.custom.rawValue)
            append(custom.utf8, to: &content)
            return content
        }
        content.append(request.ignoresStreaming ? Form.streamless.rawValue : Form.asIs.rawValue)
        append(request.provider.utf8, to: &content)
        append(request.method.utf8, to: &content)
        append(request.path.utf8, to: &content)
        let dropped: [StaticString] = request.ignoresStreaming ? ["stream", "stream_options"] : []
        if let canonical = CanonicalJSON.text(of: request.body, without: dropped) {
            content.append(1)
            content += canonical
        } else {
            content.append(0)
            content += request.body
        }
        return content
    }

    private enum Form: UInt8 {
        case asIs, streamless, custom
    }

    private static func append(_ text: String.UTF8View, to content: inout [UInt8]) {
        append(UInt64(text.count), to: &content)
        content.append(contentsOf: text)
    }

    /// The lowest byte first.
    private static func append(_ number: UInt64, to content: inout [UInt8]) {
        for shift in stride(from: 0, to: 64, by: 8) { content.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    private static func number(_ bytes: [UInt8], at start: Int) -> UInt64 {
        bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// How often a gateway's answers were forgotten, and how often everybody's.
struct GatewayAge: Hashable, Sendable {
    var everybody: UInt64
    var own: UInt64
}
