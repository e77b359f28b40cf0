import Dialects
public import Domain
public import Metering
import Providers

/// What would become of a call.
public struct Explanation: Sendable {
    public let model: Model
    public let provider: ProviderID
    public let isOnOwnKey: Bool
    public let tag: String?
    public let warning: String?
    public let promptEstimate: Int
    public let promptAtMost: Int
    public let outputAtMost: Int
    /// What the prompt would cost by the estimate; nil where no price is known.
    public let inputEstimate: Nanodollars?
    public let report: AdmissionReport
}

extension Pipeline {
    /// Goes the way of a call up to the point where something would be held, and stops there.
    public func explain(_ call: InferenceCall, on lane: Lane) throws(GatewayError) -> Explanation {
        let admission = try admission(call, on: lane)
        let wishes = admission.chat.wishes
        return Explanation(
            model: admission.model, provider: admission.provider.id, isOnOwnKey: admission.ownKey != nil,
            tag: admission.tag, warning: admission.chat.warning, promptEstimate: wishes.promptEstimate,
            promptAtMost: admission.ask.promptTokens, outputAtMost: admission.ask.outputTokens,
            inputEstimate: admission.ask.prices?.cost(of: TokenUsage(promptTokens: wishes.promptEstimate)),
            report: treasury.wouldAdmit(admission.ask))
    }
}
