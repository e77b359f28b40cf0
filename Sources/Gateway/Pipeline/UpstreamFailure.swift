import Domain
import HTTPClient
import Telemetry

extension GatewayError {
    /// What a caller is told when the connection to a vendor did not work out.
    init(_ failure: HTTPClientError) {
        switch failure {
        case .cannotConnect:
            self.init(.providerError, "The provider could not be reached. Try again.")
        case .notTrusted:
            self.init(.providerError, "The provider's certificate was not accepted. The operator must look into it.")
        case .timedOut(.connect):
            self.init(.upstreamTimeout, "The provider could not be reached in time. Try again.")
        case .timedOut(.firstByte):
            self.init(.upstreamTimeout, "The provider did not begin to answer in time. Try again.")
        case .timedOut(.idle):
            self.init(.upstreamTimeout, "The provider stopped in the middle of its answer. Try again.")
        case .timedOut(.total):
            self.init(.upstreamTimeout, "The provider's answer took longer than this gateway allows.")
        case .brokenOff:
            self.init(.providerError, "The provider broke off its answer. Try again.")
        case .tooLarge(let limit):
            self.init(.providerError, "The provider's answer is longer than the \(limit) bytes this gateway allows.")
        case .cancelled:
            self.init(.clientClosed, "The client closed the connection before the answer was complete.")
        }
    }
}

extension GatewayError {
    /// Shorter ones stand in words by chance, and guard nothing.
    private static let shortestWithheldBytes = 8

    /// The same without a key that the vendor's words may repeat.
    func withholding(_ key: Secret?) -> GatewayError {
        guard let text = key?.reveal(), text.utf8.count >= Self.shortestWithheldBytes else { return self }
        var error = self
        error.message = message.replacing(text, with: Secret.placeholder)
        error.param = param?.replacing(text, with: Secret.placeholder)
        if let answer = vendorAnswer, String(decoding: answer.body, as: UTF8.self).contains(text) {
            error.vendorAnswer?.body = Array(
                String(decoding: answer.body, as: UTF8.self).replacing(text, with: Secret.placeholder).utf8)
        }
        return error
    }
}

extension CallOutcome {
    /// For a call that ended before its client was sent anything.
    init(unanswered error: GatewayError) {
        self = error.reason == .clientClosed ? .cancelled : .failed
    }
}
