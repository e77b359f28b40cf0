import Domain
import HTTPCore
import HTTPServer
import Metering
import NamedGateways

/// What answers tell in their header fields about the way they went.
enum AnswerHeaders {
    /// For scripts of web pages, which else see none of them.
    static let exposed =
        "cf-aig-log-id, cf-aig-request-id, cf-aig-event-id, cf-aig-step, cf-aig-cache-status, cf-aig-model, "
        + "cf-aig-provider, cf-aig-dlp, cf-aig-run-id, cf-aig-routed-model, cf-aig-routing-reason, "
        + "cf-aig-routing-decision-id, cf-ai-req-id, retry-after, x-request-id"

    /// Of a vendor's, those that are about its connection or said by the gateway itself.
    private static let withheld: Set<String> = [
        "connection", "keep-alive", "proxy-authenticate", "te", "trailer", "transfer-encoding", "upgrade",
        "content-length", "content-type", "set-cookie", "x-request-id", "alt-svc", "server", "date", "cf-ray",
        "cf-cache-status", "strict-transport-security",
    ]

    static func fields(
        of facts: GatewayFacts, for call: CloudflareCall, vendor: [(String, String)] = []
    ) -> [(String, String)] {
        var fields: [(String, String)] = [("cf-aig-request-id", call.requestID.rawValue)]
        if call.surface == .binding { fields.append(("cf-ai-req-id", call.requestID.rawValue)) }
        add("cf-aig-log-id", facts.logID?.rawValue, to: &fields)
        add("cf-aig-event-id", facts.eventID, to: &fields)
        add("cf-aig-step", facts.step.map { String($0) }, to: &fields)
        add("cf-aig-cache-status", facts.cacheStatus?.rawValue, to: &fields)
        add("cf-aig-model", facts.model, to: &fields)
        add("cf-aig-provider", facts.provider, to: &fields)
        add("cf-aig-dlp", facts.dlp, to: &fields)
        add("x-aig-warning", facts.warning, to: &fields)
        // Simulated answers are labelled everywhere.
        if facts.isSandbox { fields.append(("x-aig-provider", "sandbox")) }
        add(facts.rates?.requests, "requests", to: &fields)
        add(facts.rates?.tokens, "tokens", to: &fields)
        if call.request.headers.first("origin") != nil {
            fields.append(("Access-Control-Expose-Headers", exposed))
        }
        let own = Set(fields.map { $0.0.lowercased() })
        fields += vendor.filter { name, _ in
            let name = name.lowercased()
            return !withheld.contains(name) && !own.contains(name) && !name.hasPrefix("cf-aig-")
        }
        return fields
    }

    static func head(_ contentType: String, _ call: CloudflareCall, _ fields: [(String, String)]) -> HeaderFields {
        var headers = HeaderFields()
        headers.append("Content-Type", contentType)
        headers.append("X-Request-Id", call.requestID.rawValue)
        for (name, value) in fields { headers.append(name, value) }
        return headers
    }

    private static func add(_ name: String, _ value: String?, to fields: inout [(String, String)]) {
        if let value { fields.append((name, value)) }
    }

    private static func add(_ rate: RateStanding.Rate?, _ what: String, to fields: inout [(String, String)]) {
        guard let rate else { return }
        fields.append(("x-ratelimit-limit-\(what)", String(rate.limit)))
        fields.append(("x-ratelimit-remaining-\(what)", String(rate.remaining)))
        fields.append(("x-ratelimit-reset-\(what)", String(rate.secondsToReset)))
    }
}
