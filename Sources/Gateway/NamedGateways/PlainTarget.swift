import Catalogue
import Dialects
import Domain
import HTTPClient
import JSON
import Pipeline
import Providers
import Telemetry

/// A vendor's own wire: where a step goes, and what must be known to hold money for it.
struct PlainTarget {
    let method: RequestTemplate.Method
    let path: String
    /// Nil for a provider of the account's own.
    let vendor: NativeVendor?
    let author: ProviderID
    /// Whom the gateway itself asks with its own key; nil where it has none.
    let ours: Provider?
    /// An address of the account's own.
    let custom: LiveProvider?
    /// The vendor itself in OpenAI's wire, where the path stands behind that wire's base.
    var openAI: Provider?
    let wire: NativeWire?
    let facts: NativeRequestFacts?
    let model: Model?
    let body: [UInt8]

    /// Where it goes.
    func url(isOnOwnKey: Bool) -> String? {
        if let custom { return Self.joined(custom.baseURL, path) }
        if let openAI { return Self.joined((isOnOwnKey ? openAI : ours ?? openAI).baseURL, path) }
        guard let vendor else { return nil }
        guard let ours, !(ours.isSandbox && isOnOwnKey) else { return vendor.url(for: path) }
        return ours.isSandbox
            ? vendor.sandboxURL(for: path, at: ours.baseURL) : vendor.url(for: path, base: vendor.base(of: ours))
    }

    func call(_ key: PlainKey) throws(GatewayError) -> PlainCall {
        guard let url = url(isOnOwnKey: key.isOwn) else {
            throw GatewayError(.invalidValue, "The path does not say where to go at this provider.", param: "endpoint")
        }
        let isSandbox = ours?.isSandbox == true && !key.isOwn
        var headers = custom?.headers ?? []
        if let added = key.added {
            let named = openAI == nil ? vendor?.keyHeader(added) : nil
            headers.append(named ?? Provider.credentials(added))
        }
        return PlainCall(
            template: RequestTemplate(method, url: url, headers: headers, avoidsProxy: isSandbox), headers: [],
            provider: isSandbox ? ours?.id ?? author : author, isSandbox: isSandbox, model: model,
            modelName: model?.id.rawValue ?? facts?.model.map { "\(author)/\($0)" } ?? "\(author)/\(path)",
            isOnOwnKey: key.isOwn, vendorKey: key.secret,
            promptBound: facts?.promptBound ?? model?.contextWindow ?? facts?.promptBytes ?? body.count,
            promptBytes: facts?.promptBytes ?? 0, outputBound: facts?.outputBound, reader: wire.map(NativeReader.init))
    }

    private static func joined(_ base: String, _ path: String) -> String {
        "\(base.hasSuffix("/") ? String(base.dropLast()) : base)/\(path)"
    }
}

/// With what a vendor is let in.
struct PlainKey {
    let isOwn: Bool
    /// Nil where the request brought it, in a header field of its own.
    let added: Secret?
    /// What no answer may repeat.
    let secret: Secret?
}

extension NativeVendor {
    /// What its own addresses begin with, where the operator has put another in the place of the one of OpenAI's wire.
    func base(of provider: Provider) -> String? {
        guard let base, let usual = VendorAddresses.all.first(where: { $0.id == author })?.baseURL,
            usual.hasPrefix(base)
        else { return nil }
        let suffix = usual.dropFirst(base.count)
        guard provider.baseURL != usual else { return nil }
        return provider.baseURL.hasSuffix(suffix) ? String(provider.baseURL.dropLast(suffix.count)) : provider.baseURL
    }

    /// The simulator knows every vendor's paths.
    func sandboxURL(for path: String, at baseURL: String) -> String {
        let root = baseURL.hasSuffix("/v1") ? String(baseURL.dropLast(3)) : baseURL
        return "\(root)/\(path)"
    }
}

/// Counts what an answer in a vendor's own wire used, whichever way it comes.
struct NativeReader: PlainUsageReader {
    private let wire: NativeWire
    private var stream: NativeUsageStream
    private var whole: NativeUsage?

    init(_ wire: NativeWire) {
        self.wire = wire
        stream = NativeUsageStream(wire)
    }

    mutating func feed(_ bytes: [UInt8], scanner: JSONScanner) {
        stream.feed(bytes, scanner: scanner)
    }

    mutating func read(whole answer: [UInt8], scanner: JSONScanner) {
        whole = NativeUsage(answer, wire, scanner: scanner)
    }

    mutating func finish(scanner: JSONScanner) {
        stream.finish(scanner: scanner)
    }

    func settled(promptEstimate: Int) -> (usage: TokenUsage, source: UsageSource) {
        (whole ?? stream.found).settled(promptEstimate: promptEstimate)
    }

    var hasEnded: Bool { stream.found.isComplete }
}
