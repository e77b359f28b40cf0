import Domain
import NamedGateways

/// A call as its door has understood it: what is to be run, and how its answer is to look.
struct Inference: Sendable {
    var request: GatewayRequest
    var shape = AnswerShape.wire
    /// What errors of the run are about.
    var subject: CloudflareError.Subject
    /// Whether the caller would rather be refused as one too many than told that a vendor is busy.
    var rejectsIfBusy = false
    /// What is wrong with its input, found before anything was run.
    var fault: GatewayError?
}

/// In which words errors of a route are told.
struct ErrorForm: Hashable, Sendable {
    var surface: CloudflareSurface
    /// Whether they are read by OpenAI's clients, which look for `error`.
    var speaksOpenAI = false

    static let rest = ErrorForm(surface: .rest)
    static let openAI = ErrorForm(surface: .rest, speaksOpenAI: true)
    static let host = ErrorForm(surface: .host)
    static let binding = ErrorForm(surface: .binding)
}
