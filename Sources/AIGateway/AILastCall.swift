import Synchronization

/// What a call said about itself.
public struct AILastCall: Hashable, Sendable {
    public let logID: String?
    public let requestID: String?
    public let status: Int?
    /// The code of its error.
    public let code: Int?
}

/// Shared by an `AI` and its copies.
final class LastCall: Sendable {
    private let state = Mutex(AILastCall(logID: nil, requestID: nil, status: nil, code: nil))

    var value: AILastCall { state.withLock { $0 } }

    func note(_ response: OpenResponse, _ code: Int?) {
        let call = AILastCall(
            logID: response.logID, requestID: response.requestID, status: response.status, code: code)
        state.withLock { $0 = call }
    }
}
