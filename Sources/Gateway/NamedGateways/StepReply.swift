import Domain
import Pipeline

/// What a provider answered to a step, before it is looked at, kept and logged.
struct StepReply {
    enum Body {
        case whole([UInt8], CallBill?)
        case stream(any ProviderStream)
    }

    var status: Int
    var contentType: String
    var headers: [(String, String)] = []
    var body: Body
    var route: RouteTaken
}

/// A stream that a provider sends, in the form its caller gets.
protocol ProviderStream: AnyObject, Sendable {
    func next() async -> GatewayStreamStep
    func clientLeft() async
    /// Whether the record is committed and the bytes just given are the last.
    var isSettled: Bool { get }
    /// What it came to, once it has ended.
    var bill: CallBill? { get }
}
