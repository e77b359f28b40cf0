public import Domain
public import JSON

/// Turns a vendor's refusal into one of ours: what the caller may know, and nothing about our own credentials.
public enum VendorError {
    /// A vendor's message is shown to callers up to this many characters.
    private static let messageLimit = 2000
    private static let paramLimit = 200

    /// For an answer with an error status.
    public static func answer(
        status: Int, retryAfter: String?, body: [UInt8], isOnOwnKey: Bool = false, scanner: JSONScanner
    ) -> GatewayError {
        switch status {
        // The vendor's words are not passed on: some repeat the key.
        case 401 where isOnOwnKey, 403 where isOnOwnKey:
            GatewayError(
                .upstreamRejected,
                "The provider refused the vendor key this call was made with, which is your own. Check or replace it.")
        case 401, 403:
            GatewayError(
                .providerError, "The provider refused the gateway's credentials. The operator must check its key.")
        case 408, 504:
            GatewayError(.upstreamTimeout, "The provider did not answer in time. Try again.")
        case 429, 503, 529:
            GatewayError(
                .upstreamSaturated, "The provider has no capacity at the moment. Try again later.",
                retryAfterSeconds: seconds(retryAfter))
        case 400..<500:
            rejection(body, scanner)
        default:
            GatewayError(.providerError, "The provider failed (status \(status)). Try again.")
        }
    }

    /// For an `error` object inside a stream that had begun.
    static func inStream(_ error: JSONSlice, in data: [UInt8], scanner: JSONScanner) -> GatewayError {
        let text = message(of: error, in: data, scanner: scanner)
        return GatewayError(.providerError, text ?? "The provider failed in the middle of its answer.")
    }

    private static func rejection(_ body: [UInt8], _ scanner: JSONScanner) -> GatewayError {
        let unexplained = GatewayError(.upstreamRejected, "The provider refused the request without saying why.")
        guard let index = try? scanner.scan(body), let error = index.first(named: "error", in: body) else {
            return unexplained
        }
        guard let message = message(of: error.value, in: body, scanner: scanner) else { return unexplained }
        let param = (try? scanner.scan(body, in: error.range))?.first(named: "param", in: body)?.string(in: body)
        return GatewayError(
            .upstreamRejected, message, param: param.map { String($0.unicodeScalars.prefix(paramLimit)) })
    }

    private static func message(of error: JSONSlice, in body: [UInt8], scanner: JSONScanner) -> String? {
        let text: String? =
            switch error.kind {
            case .string: error.string(in: body)
            case .object:
                (try? scanner.scan(body, in: error.range))?.first(named: "message", in: body)?.string(in: body)
            default: nil
            }
        // Counted in scalars: a single character can be as long as its writer likes.
        return text.map { String($0.unicodeScalars.prefix(messageLimit)) }
    }

    /// Vendors send whole seconds, or a fraction, or a date; a date is left to the client's own patience.
    private static func seconds(_ text: String?) -> Int {
        guard let wanted = text.flatMap(Double.init), wanted > 1 else { return 1 }
        return Int(min(wanted.rounded(.up), 3600))
    }
}
