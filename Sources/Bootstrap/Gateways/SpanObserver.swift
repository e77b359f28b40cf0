import Domain
import NamedGateways
import Spans

/// Tells the collectors that gateways name of every call that ended.
struct SpanObserver: GatewayObserver {
    let exporter: SpanExporter

    func wantsBodies(of gateway: LiveGateway) -> Bool { !gateway.collectors.isEmpty }

    func finished(_ entry: GatewayLogEntry, bodies: LogBodies?, gateway: LiveGateway, controls: GatewayControls) {
        guard !gateway.collectors.isEmpty else { return }
        let start = UInt64(max(0, entry.createdAt.microseconds)) * 1_000
        let span = GatewaySpan(
            traceID: controls.traceID.flatMap { TraceID(hex: $0) } ?? TraceID(),
            parentID: controls.parentSpanID.flatMap { SpanID(hex: $0) }, name: "gateway \(entry.path)",
            startNanoseconds: start,
            endNanoseconds: start + UInt64(max(0, entry.durationMilliseconds)) * 1_000_000,
            status: entry.isSuccess ? .ok : .error("status \(entry.statusCode)"),
            attributes: Self.facts(entry, bodies).attributes)
        exporter.submit(span, to: gateway.collectors)
    }

    private static func facts(_ entry: GatewayLogEntry, _ bodies: LogBodies?) -> InferenceFacts {
        InferenceFacts(
            requestModel: entry.model, provider: entry.provider, inputTokens: Int(entry.tokensIn),
            outputTokens: Int(entry.tokensOut), cost: entry.cost, promptJSON: text(bodies?.request),
            completionJSON: text(bodies?.response), metadata: entry.metadata.entries.map(attribute))
    }

    private static func text(_ body: [UInt8]?) -> String? {
        // A collector gets no more than this of it anyway.
        body.map { String(decoding: $0.prefix(InferenceFacts.maximumTextBytes), as: UTF8.self) }
    }

    private static func attribute(_ entry: CallMetadata.Entry) -> SpanAttribute {
        switch entry.value {
        case .text(let text): SpanAttribute(entry.key, .string(text))
        case .number(let spelling):
            SpanAttribute(
                entry.key,
                Int64(spelling).map(SpanValue.int) ?? Double(spelling).map(SpanValue.double) ?? .string(spelling))
        case .bool(let value): SpanAttribute(entry.key, .bool(value))
        }
    }
}
