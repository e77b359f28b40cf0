import Telemetry
import Testing

@testable import Settings

@Suite("Settings: providers")
struct ProviderSettingsTests {
    static let key = "sk-abc123SECRET"

    @Test func `one variable is enough for OpenAI`() throws {
        let settings = try load(environment: ["OPENAI_API_KEY": Self.key]).get()
        let provider = try #require(settings.provider("openai"))
        #expect(settings.providers.count == 1)
        #expect(provider.kind == .openAI)
        #expect(provider.apiKey?.reveal() == Self.key)
        #expect(provider.baseURL.text == "https://api.openai.com/v1")
        #expect(provider.organization == nil && provider.project == nil)
    }

    @Test func `all four variables fill OpenAI`() throws {
        let environment = [
            "OPENAI_API_KEY": Self.key, "OPENAI_BASE_URL": "http://vllm.example:8000/v1/", "OPENAI_ORG_ID": "org-1",
            "OPENAI_PROJECT_ID": "proj_1",
        ]
        let provider = try #require(try load(environment: environment).get().provider("openai"))
        #expect(provider.baseURL.text == "http://vllm.example:8000/v1")
        #expect(provider.baseURL.host == "vllm.example" && provider.baseURL.port == 8000 && !provider.baseURL.isSecure)
        #expect(provider.baseURL.path == "/v1")
        #expect(provider.organization == "org-1" && provider.project == "proj_1")
    }

    @Test func `an upstream of one's own needs no key`() throws {
        let settings = try load(environment: ["OPENAI_BASE_URL": "http://vllm.example:8000/v1"]).get()
        #expect(settings.provider("openai")?.apiKey == nil)
    }

    @Test(arguments: [["OPENAI_ORG_ID": "org-1"], ["OPENAI_API_KEY": ""], ["OPENAI_PROJECT_ID": "p"]])
    func `an organisation, or an empty key, makes no provider`(environment: [String: String]) throws {
        #expect(try load(environment: environment).get().providers.isEmpty)
    }

    @Test func `a file sets any number of providers`() throws {
        let yaml = """
            providers:
              vllm-2: {base_url: "http://127.0.0.1:8000/v1"}
              openai: {api_key: "${MY_KEY}", organization: org-1, project: p}
              eu: {kind: openai, base_url: https://eu.example.com/v1, api_key: k}
            """
        let settings = try load(yaml, environment: ["MY_KEY": Self.key]).get()
        #expect(settings.providers.map(\.id) == ["eu", "openai", "vllm-2"])
        #expect(settings.provider("openai")?.apiKey == Secret(Self.key))
        #expect(settings.provider("openai")?.organization == "org-1")
        #expect(settings.provider("eu")?.baseURL.isSecure == true)
        #expect(settings.provider("vllm-2")?.apiKey == nil)
    }

    @Test func `the environment wins over the file`() throws {
        let yaml = "providers:\n  openai: {api_key: old, project: p}\n"
        let provider = try load(yaml, environment: ["OPENAI_API_KEY": Self.key, "OPENAI_ORG_ID": "o"]).get().providers[
            0]
        #expect(provider.apiKey?.reveal() == Self.key)
        #expect(provider.organization == "o" && provider.project == "p")
    }

    struct Wrong: Sendable {
        var yaml: String?
        var environment: [String: String] = [:]
        var complaint: String
    }

    static let keyAllowed =
        "visible ASCII characters without spaces or line ends, or ${VARIABLE} for an environment variable"
    static let addressAllowed =
        "an http:// or https:// address without user name, query or fragment, such as https://api.example.com/v1"
    static let referenceAllowed = "${NAME} as the whole value, NAME being letters, digits and _"

    static let wrong: [Wrong] = [
        Wrong(
            yaml: "providers:\n  openai:\n    api_key: ${MY_KEY}\n",
            complaint: "a.yaml:3:14: providers.openai.api_key: the environment variable MY_KEY is not set"),
        Wrong(
            yaml: "providers:\n  openai:\n    api_key: ${MY_KEY}\n", environment: ["MY_KEY": ""],
            complaint: "a.yaml:3:14: providers.openai.api_key: the environment variable MY_KEY is empty"),
        Wrong(
            yaml: "providers:\n  openai:\n    api_key: sk-${MY_KEY}\n", environment: ["MY_KEY": "x"],
            complaint: "a.yaml:3:14: providers.openai.api_key: "
                + "the reference to an environment variable is not accepted; allowed: " + referenceAllowed),
        Wrong(
            yaml: "providers:\n  openai:\n    api_key: ${\(key)}\n",
            complaint: "a.yaml:3:14: providers.openai.api_key: "
                + "the reference to an environment variable is not accepted; allowed: " + referenceAllowed),
        Wrong(
            yaml: "providers:\n  openai:\n    api_key: \(key) x\n",
            complaint: "a.yaml:3:14: providers.openai.api_key: the value is not accepted; allowed: " + keyAllowed),
        Wrong(
            yaml: "providers:\n  openai:\n    api_key: ${MY_KEY}\n", environment: ["MY_KEY": key + "\n"],
            complaint: "a.yaml:3:14: providers.openai.api_key: the value is not accepted; allowed: " + keyAllowed),
        Wrong(
            environment: ["OPENAI_API_KEY": key + "\r\nx-evil: 1"],
            complaint: "environment variable OPENAI_API_KEY: providers.openai.api_key: the value is not accepted; "
                + "allowed: " + keyAllowed),
        Wrong(
            environment: ["OPENAI_API_KEY": "k", "OPENAI_BASE_URL": key],
            complaint: "environment variable OPENAI_BASE_URL: providers.openai.base_url: the value is not accepted; "
                + "allowed: " + addressAllowed),
        Wrong(
            environment: ["OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "https://user:\(key)@example.com/v1"],
            complaint: "environment variable OPENAI_BASE_URL: providers.openai.base_url: the value is not accepted; "
                + "allowed: " + addressAllowed),
        Wrong(
            yaml: "providers: \(key)\n", complaint: "a.yaml:1:12: providers must be a mapping of names to values"),
        Wrong(
            yaml: "providers:\n  openai: \(key)\n",
            complaint: "a.yaml:2:11: providers.openai must be a mapping of names to values"),
        Wrong(
            yaml: "providers:\n  openai:\n    api_key: [\(key)]\n",
            complaint: "a.yaml:3:14: providers.openai.api_key: must be one value, not a list or a mapping"),
        Wrong(
            yaml: "providers:\n  openai:\n    api_kye: \(key)\n",
            complaint: "a.yaml:3:5: there is no provider setting api_kye; did you mean api_key?"),
        Wrong(
            yaml: "providers:\n  openai:\n",
            complaint: "a.yaml:2:3: providers.openai.api_key: is missing: api.openai.com answers nobody without a key"),
        Wrong(
            environment: ["OPENAI_BASE_URL": "https://API.openai.com/v1"],
            complaint: "environment variable OPENAI_BASE_URL: providers.openai.api_key: is missing: "
                + "api.openai.com answers nobody without a key"),
        Wrong(
            yaml: "providers:\n  other: {api_key: \(key)}\n",
            complaint: "a.yaml:2:3: providers.other.base_url: is missing: every provider but openai needs its address"),
        Wrong(
            yaml: "providers:\n  other: {kind: cohere, base_url: https://a.b}\n",
            complaint: "a.yaml:2:17: providers.other.kind: \"cohere\" is not accepted; allowed: openai"),
        Wrong(
            yaml: "providers:\n  \(key): {}\n",
            complaint: "a.yaml:2:3: this is no name for a provider; allowed: " + ProviderTable.allowedID),
        Wrong(
            environment: ["AIGATEWAY_PROVIDERS_OPENAI_API_KEY": key],
            complaint: "environment variable AIGATEWAY_PROVIDERS_OPENAI_API_KEY: providers are set in the file; "
                + "allowed: api_key: ${VARIABLE} there, or OPENAI_API_KEY without a file"),
        Wrong(
            environment: ["OPENAI_API_KEY": key, "OPENAI_BASE_URL": "http://localhost:8080/v1"],
            complaint: "environment variable OPENAI_BASE_URL: providers.openai.base_url: is the address this gateway "
                + "listens on (server.listen 127.0.0.1:8080); it would call itself"),
    ]

    @Test(arguments: wrong) func `a mistake in a provider is told without its secret`(wrong: Wrong) {
        #expect(complaints(wrong.yaml, environment: wrong.environment) == [wrong.complaint])
        #expect(!wrong.complaint.contains("abc123"))
    }

    @Test func `another port of this machine is another service`() {
        let environment = ["OPENAI_BASE_URL": "http://localhost:8081/v1"]
        #expect(complaints(environment: environment).isEmpty)
        #expect(complaints(environment: environment, flags: ["--listen": "[::]:8081"]).count == 1)
    }

    @Test func `too many providers are refused`() {
        let entries = (0...ProviderTable.maxProviders).map { "  p\($0): {base_url: \"http://a.b\"}" }
        let lines = complaints("providers:\n" + entries.joined(separator: "\n"))
        #expect(lines == ["a.yaml:2:3: 257 providers are given; allowed: at most 256"])
    }

    @Test func `no dump of settings or of problems holds a secret`() throws {
        let settings = try load(environment: ["OPENAI_API_KEY": Self.key]).get()
        var text = "\(settings) \(settings.effectiveValues)" + String(reflecting: settings)
        dump(settings, to: &text)
        #expect(text.contains("openai"))
        #expect(!text.contains("abc123"))
        let shown = settings.effectiveValues.first { $0.name == "providers.openai.api_key" }
        #expect(shown?.value == "[redacted]")
        for wrong in Self.wrong {
            guard case .failure(let problems) = load(wrong.yaml, environment: wrong.environment) else { continue }
            var text = "\(problems)" + String(reflecting: problems)
            dump(problems, to: &text)
            #expect(!text.contains("abc123"))
        }
    }
}
