internal import Telemetry

/// A provider while it is being read: nothing is required yet.
struct ProviderDraft: Sendable {
    var kind = Settings.Provider.Kind.openAI
    var baseURL: HTTPAddress?
    var apiKey: Secret?
    var organization: String?
    var project: String?
}

/// What can be set for one provider.
enum ProviderTable {
    static let section = "providers"
    static let maxProviders = 256

    static let fields: [Setting<ProviderDraft>] = [
        Setting("kind", \.kind, .choice(), "The protocol it speaks. openai when left out."),
        Setting("api_key", optional: \.apiKey, .secret, "The key sent with every call."),
        Setting(
            "base_url", optional: \.baseURL, .httpAddress,
            "The address calls go to. May be left out for openai only: https://api.openai.com/v1."),
        Setting("organization", optional: \.organization, .headerText, "Sent as OpenAI-Organization."),
        Setting("project", optional: \.project, .headerText, "Sent as OpenAI-Project."),
    ]

    static let byName = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0) })

    static let openAI = "openai"
    static let openAIBaseURL = HTTPAddress("https://api.openai.com/v1")

    /// Variables every OpenAI client knows, and the field of provider `openai` each sets.
    static let openAIVariables: [(variable: String, field: String)] = [
        ("OPENAI_API_KEY", "api_key"), ("OPENAI_BASE_URL", "base_url"), ("OPENAI_ORG_ID", "organization"),
        ("OPENAI_PROJECT_ID", "project"),
    ]

    /// The variables that bring provider `openai` into being when no file names it.
    static let openAIDecisiveVariables = ["OPENAI_API_KEY", "OPENAI_BASE_URL"]

    static let allowedID = "1 to 64 characters from a-z, 0-9, - and _, the first a letter or digit"

    static func isID(_ text: String) -> Bool {
        let letters = Set("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
        guard let first = text.utf8.first, letters.contains(first), text.utf8.count <= 64 else { return false }
        return text.utf8.allSatisfy { letters.contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }
}
