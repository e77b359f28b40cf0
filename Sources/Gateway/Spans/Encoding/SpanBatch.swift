/// Spans that are sent together, with what is said about all of them.
struct SpanBatch: Sendable {
    var service: String
    var version: String
    var spans: [GatewaySpan]

    /// `SPAN_KIND_SERVER`: the request came from elsewhere.
    static let kind = 2
    static let scope = "aigateway"

    var resource: [SpanAttribute] {
        [SpanAttribute("service.name", .string(service)), SpanAttribute("service.version", .string(version))]
    }
}

extension SpanStatus {
    /// The number and text of OTLP's `Status`; nil when it is left out.
    var code: (number: Int, message: String)? {
        switch self {
        case .unset: nil
        case .ok: (1, "")
        case .error(let message): (2, message)
        }
    }
}
