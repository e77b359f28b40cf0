import Telemetry

/// Spans that nobody got, until they are told in the log.
struct ExportLosses {
    /// Let go because too many waited.
    var dropped = 0
    /// Sent, and not taken.
    var failed = 0
    private var host = ""
    private var reason = ""

    var isEmpty: Bool { dropped == 0 && failed == 0 }

    mutating func add(failed count: Int, host: String, reason: String) {
        failed += count
        self.host = host
        self.reason = reason
    }

    var fields: LogFields {
        var fields: LogFields = ["dropped": .int(dropped), "failed": .int(failed)]
        if failed > 0 {
            fields.append("last_host", .string(host))
            fields.append("last_reason", .string(reason))
        }
        return fields
    }
}
