import Domain

/// Reads single values of controls. Errors name the header field or member they came from.
struct ControlValue {
    /// As the caller knows it.
    let name: String
    let text: String

    func bool() throws(GatewayError) -> Bool {
        switch text.lowercased() {
        case "true": true
        case "false": false
        default: throw wrong("must be `true` or `false`")
        }
    }

    func number(_ bounds: ClosedRange<Int>) throws(GatewayError) -> Int {
        guard let number = Int(text), bounds.contains(number), text.utf8.first != UInt8(ascii: "+") else {
            throw wrong("must be a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return number
    }

    func cacheTTL() throws(GatewayError) -> Int {
        let (shortest, longest) = (GatewaySettings.shortestCacheTTL, GatewaySettings.longestCacheTTL)
        guard let number = Int(text), number == 0 || (shortest...longest).contains(number) else {
            throw wrong("must be a whole number of seconds from \(shortest) to \(longest), or 0 for no caching")
        }
        return number
    }

    func backoff() throws(GatewayError) -> RetryPlan.Backoff {
        guard let backoff = RetryPlan.Backoff(rawValue: text.lowercased()) else {
            throw wrong("must be `constant`, `linear` or `exponential`")
        }
        return backoff
    }

    /// A text that can stand in a header field of an answer.
    func line(most: Int) throws(GatewayError) -> String {
        guard (1...most).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw wrong("must be 1 to \(most) bytes without control characters")
        }
        return text
    }

    func hexadecimal(digits: Int) throws(GatewayError) -> String {
        let lower = text.lowercased()
        let isHex = lower.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        // All zeros mean no trace.
        guard lower.utf8.count == digits, isHex, lower.utf8.contains(where: { $0 != UInt8(ascii: "0") }) else {
            throw wrong("must be \(digits) hexadecimal digits, not all of them 0")
        }
        return lower
    }

    func wrong(_ what: String) -> GatewayError {
        GatewayError(.invalidValue, "`\(name)` \(what).", param: name)
    }
}

extension GatewayControls {
    /// A day: nobody waits longer for the first part of an answer.
    public static let longestTimeoutMilliseconds = 86_400_000
    public static let longestCacheKey = 1024
    public static let longestEventID = 256
    public static let longestKeyAlias = 128

    static let timeouts = 1...longestTimeoutMilliseconds
    static let attempts = 1...RetryPlan.mostAttempts
    static let delays = 0...Int(RetryPlan.longestDelayMilliseconds)
}
