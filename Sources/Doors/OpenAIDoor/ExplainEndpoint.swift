import Domain
import HTTPServer
import JSON
import Metering
import Pipeline
import Routing

/// `POST /v1/explain`: what would become of a chat request, without making it.
struct ExplainEndpoint: Endpoint {
    let pipeline: Pipeline
    let authenticator: Authenticator
    let lanes: Lanes

    func answer(_ request: HTTPRequest, requestID: RequestID, _ responder: consuming HTTPResponder) async {
        do {
            let call = try authenticator.call(request, requestID)
            let explanation = try pipeline.explain(call, on: lanes.lane(of: request.loop))
            responder.send(
                HTTPResponse(
                    status: 200, headers: OpenAIHeaders.base(requestID),
                    body: Self.json(explanation, call.principal).serialized()))
        } catch {
            responder.send(OpenAIError.response(error, requestID: requestID))
        }
    }

    static func json(_ explanation: Explanation, _ principal: Principal) -> JSONValue {
        [
            "object": "explanation", "admitted": .bool(explanation.report.refusal == nil),
            "refusal": explanation.report.refusal.map(refusal) ?? .null,
            "model": .string(explanation.model.id.rawValue),
            "route": [
                "provider": .string(explanation.provider.rawValue),
                "upstream_model": .string(explanation.model.upstreamName),
                "vendor_key": .string(explanation.isOnOwnKey ? "own" : "gateway"),
            ],
            "warning": explanation.warning.map { .string($0) } ?? .null,
            "key": .string(principal.keyID.rawValue), "account": .string(principal.accountID.rawValue),
            "payer": .string(principal.payer.id.rawValue), "plan": .string(principal.payer.plan.rawValue),
            "tag": explanation.tag.map { .string($0) } ?? .null,
            "tokens": [
                "prompt_estimate": .int(explanation.promptEstimate), "prompt_at_most": .int(explanation.promptAtMost),
                "output_at_most": .int(explanation.outputAtMost),
            ],
            "cost": [
                "held_cents": .string(explanation.report.worstCase.centsText),
                "input_estimate_cents": explanation.inputEstimate.map { .string($0.centsText) } ?? .null,
                "price_version": explanation.model.priceVersion.map { .string($0) } ?? .null,
            ],
            "limits": .array(explanation.report.entries.flatMap(\.checks).map(limit)),
        ]
    }

    private static func refusal(_ error: GatewayError) -> JSONValue {
        [
            "status": .int(error.reason.status), "reason": .string(error.reason.rawValue),
            "message": .string(error.message),
            "retry_after_seconds": error.retryAfterSeconds.map { .int($0) } ?? .null,
        ]
    }

    /// Money in cents, everything else in whole numbers.
    private static func limit(_ check: LimitCheck) -> JSONValue {
        func amount(_ value: Int64) -> JSONValue {
            check.kind.isMoney ? .string(Nanodollars(value).centsText) : .int(value)
        }
        return [
            "holder": .string(check.holder.rawValue), "limit": .string(check.kind.rawValue),
            "unit": .string(check.kind.isMoney ? "cents" : "count"), "allowed": amount(check.limit),
            "used": amount(check.used), "held": amount(check.held), "left": amount(check.left),
            "needed": amount(check.wanted), "refuses": .bool(check.refuses),
        ]
    }
}
