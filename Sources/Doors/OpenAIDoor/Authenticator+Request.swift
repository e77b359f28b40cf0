import Domain
import HTTPCore
import HTTPServer
import Pipeline
import Routing

extension Authenticator {
    /// The call that a request makes, once its key is known to be good.
    func call(_ request: HTTPRequest, _ requestID: RequestID) throws(GatewayError) -> InferenceCall {
        let principal = try principal(
            BearerKey.read(request.headers), from: request.clientAddress,
            forwardedFor: request.headers.all("x-forwarded-for"))
        return InferenceCall(
            requestID: requestID, principal: principal, body: request.body, arrivedAt: request.arrivedAt,
            headers: request.headers)
    }
}
