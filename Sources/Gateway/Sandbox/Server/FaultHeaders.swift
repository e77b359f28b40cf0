import HTTPCore

/// What one request is to experience: the sandbox's own settings with the request's header fields on top.
struct Conditions: Hashable {
    var latencyMilliseconds: Int
    var tokensPerSecond: Int
    var faults: SandboxFaults

    init(_ configuration: SandboxConfiguration) {
        latencyMilliseconds = configuration.latencyMilliseconds
        tokensPerSecond = configuration.tokensPerSecond
        faults = configuration.faults
    }

    init(_ configuration: SandboxConfiguration, headers: HeaderFields) throws(VendorError) {
        self.init(configuration)
        guard configuration.faultHeadersAllowed else { return }
        if let milliseconds = try headers.sandboxNumber(
            "x-sandbox-latency", headers.first("x-sandbox-latency"), 0...SandboxFaults.maximumLatencyMilliseconds)
        {
            latencyMilliseconds = milliseconds
        }
        if let pace = try headers.sandboxNumber(
            "x-sandbox-tokens-per-second", headers.first("x-sandbox-tokens-per-second"),
            0...SandboxFaults.maximumTokensPerSecond)
        {
            tokensPerSecond = pace
        }
        if let status = try headers.sandboxNumber("x-sandbox-status", headers.first("x-sandbox-status"), 200...599) {
            faults.status = status
        }
        if let seconds = try headers.sandboxNumber(
            "x-sandbox-retry-after", headers.first("x-sandbox-retry-after"), 0...SandboxFaults.maximumCount)
        {
            faults.retryAfterSeconds = seconds
        }
        for list in headers.all("x-sandbox-fault") {
            for name in list.split(separator: ",") { try faults.add(String(name.filter { $0 != " " && $0 != "\t" })) }
        }
    }
}

extension HeaderFields {
    fileprivate func sandboxNumber(
        _ name: String, _ text: String?, _ range: ClosedRange<Int>
    ) throws(VendorError) -> Int? {
        guard let text else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .badRequest(
                "The header field '\(name)' must be a whole number from \(range.lowerBound) to \(range.upperBound).",
                param: name, code: "invalid_sandbox_header")
        }
        return number
    }
}

extension SandboxFaults {
    /// The faults that `x-sandbox-fault` knows.
    static let names = [
        "hang", "reset-after=<bytes>", "split-utf8", "malformed-json[=<events>]", "close-early[=<events>]",
        "stall[=<events>]", "no-usage", "garbage",
    ]

    mutating func add(_ text: String) throws(VendorError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let number = parts.count == 2 ? Int(parts[1]) : nil
        guard parts.count < 2 || number.map((0...Self.maximumCount).contains) == true else { throw .unknownFault(text) }
        let events = number ?? Self.defaultEventCount
        switch (parts.first ?? "", number) {
        case ("hang", nil): hangs = true
        case ("reset-after", let bytes?): resetAfterBytes = bytes
        case ("split-utf8", nil): splitsUTF8 = true
        case ("malformed-json", _): malformedAfterEvents = events
        case ("close-early", _): closesAfterEvents = events
        case ("stall", _): stallsAfterEvents = events
        case ("no-usage", nil): omitsUsage = true
        case ("garbage", nil): sendsGarbage = true
        default: throw .unknownFault(text)
        }
    }
}

extension VendorError {
    static func unknownFault(_ name: String) -> VendorError {
        badRequest(
            "Unknown sandbox fault '\(quote(name))'. Known faults are: \(SandboxFaults.names.joined(separator: ", ")).",
            param: "x-sandbox-fault", code: "invalid_sandbox_header")
    }

    /// What the vendor says with a status.
    static func simulated(status: Int) -> VendorError {
        switch status {
        case 401:
            VendorError(
                status: status,
                message: "Incorrect API key provided. You can find your API key in your account settings.",
                code: "invalid_api_key")
        case 403:
            VendorError(
                status: status, message: "You are not allowed to sample from this model.", code: "permission_denied")
        case 404: VendorError(status: status, message: "The requested resource was not found.", code: "not_found")
        case 408: VendorError(status: status, message: "Request timed out.", type: "timeout")
        case 429:
            VendorError(
                status: status, message: "Rate limit reached for requests. Please try again later.", type: "requests",
                code: "rate_limit_exceeded")
        case 503:
            VendorError(
                status: status, message: "The engine is currently overloaded, please try again later.",
                type: "service_unavailable")
        case 500...:
            VendorError(
                status: status, message: "The server had an error while processing your request. Sorry about that!",
                type: "server_error")
        default: VendorError(status: status, message: "The sandbox was asked to answer with status \(status).")
        }
    }
}
