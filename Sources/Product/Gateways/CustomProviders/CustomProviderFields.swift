import Accounts
import Crypto
import Domain
import JSON
import Telemetry

/// What a request says of a custom provider.
struct CustomProviderFields {
    static let longestName = 128
    /// Of a logo, as base64.
    static let longestLogo = 256 << 10
    static let mostPosition = 1_000_000

    let name: String?
    let slug: String?
    let baseURL: String?
    private let isEnabled: Change<Bool>
    private let isBeta: Change<Bool>
    private let position: Change<Int>
    private let logo: Change<String>
    private let headers: Change<Headers>
    private var remarks: [(name: String, change: Change<String>)] = []

    private struct Headers {
        let text: String
        let fields: [ProviderHeader]
    }

    /// - Parameter provider: What is changed; nil for a new one.
    init(
        _ sent: JSONValue, changing provider: CustomProvider? = nil, _ address: ProviderAddress
    ) throws(GatewayError) {
        var fields = try SentFields(sent)
        let name = fields.text("name", 1...Self.longestName)
        let lengths = CustomProvider.slugLengths
        let slug = fields.read("slug", "\(lengths.lowerBound) to \(lengths.upperBound) of a-z, 0-9 and -") { value in
            value.stringValue.flatMap { CustomProvider.isSlug($0) ? $0 : nil }
        }
        let baseURL = Self.baseURL(&fields, address)
        self.name = Self.needed(name, "name", &fields, isNew: provider == nil)
        self.slug = Self.needed(slug, "slug", &fields, isNew: provider == nil)
        self.baseURL = Self.needed(baseURL, "base_url", &fields, isNew: provider == nil)
        isEnabled = fields.flag("enable")
        isBeta = fields.flag("beta")
        position = fields.number("position", 0...Self.mostPosition)
        logo = fields.read("logo", "an SVG image in base64 of at most \(Self.longestLogo) characters") { value in
            value.stringValue.flatMap { Self.isLogo($0) ? $0 : nil }
        }
        headers = Self.headers(&fields, kept: provider)
        for text in CustomProvider.texts {
            remarks.append((text.name, fields.text(text.name, 0...text.longest, isOneLine: false)))
        }
        try fields.finish()
    }

    func apply(to provider: inout CustomProvider) {
        provider.name = name ?? provider.name
        provider.slug = slug ?? provider.slug
        provider.baseURL = baseURL ?? provider.baseURL
        isEnabled.apply(to: &provider.isEnabled, none: false)
        isBeta.apply(to: &provider.isBeta, none: false)
        position.apply(to: &provider.position)
        logo.apply(to: &provider.logo)
        for remark in remarks { remark.change.apply(to: &provider.remarks[remark.name]) }
        switch headers {
        case .keep: break
        case .clear: (provider.headersText, provider.headers, provider.unreadableHeaders) = (nil, [], nil)
        case .set(let headers):
            (provider.headersText, provider.headers, provider.unreadableHeaders) = (headers.text, headers.fields, nil)
        }
    }

    // MARK: Values

    private static func needed(
        _ change: Change<String>, _ name: String, _ fields: inout SentFields, isNew: Bool
    ) -> String? {
        isNew ? fields.required(change, name) : fields.kept(change, name)
    }

    private static func baseURL(_ fields: inout SentFields, _ address: ProviderAddress) -> Change<String> {
        let written = fields.text("base_url", 1...ProviderAddress.longest)
        guard let text = written.value else { return written }
        let read = address.read(text)
        guard let address = read.address else {
            fields.report("base_url", read.problem)
            return .keep
        }
        return .set(address)
    }

    private static func headers(_ fields: inout SentFields, kept: CustomProvider?) -> Change<Headers> {
        let sent = fields.text("headers", 0...ProviderHeader.longestText, isOneLine: false)
        guard let text = sent.value else { return sent.map { Headers(text: $0, fields: []) } }
        guard !text.isEmpty else { return .clear }
        // As it was shown.
        if text == kept?.shownHeaders { return .keep }
        let read = ProviderHeader.read(text)
        guard let headers = read.headers else {
            fields.report("headers", read.problem)
            return .keep
        }
        guard !headers.contains(where: { SecretMask.isIn(.string($0.value.reveal())) }) else {
            fields.report("headers", "holds a secret as it was shown; send the secret itself, or leave the field out")
            return .keep
        }
        return .set(Headers(text: text, fields: headers))
    }

    private static func isLogo(_ text: String) -> Bool {
        guard text.utf8.count <= longestLogo, let bytes = Base64.decode(text) else { return false }
        let head = String(decoding: bytes.prefix(1_024), as: UTF8.self)
        return head.firstRange(of: "<svg") != nil || head.hasPrefix("<?xml")
    }
}
