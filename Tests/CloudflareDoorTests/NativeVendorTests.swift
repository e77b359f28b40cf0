import Providers
import Telemetry
import Testing

@Suite("Vendors in their own wire")
struct NativeVendorTests {
    @Test(
        "Paths become addresses",
        arguments: [
            ("openai", "chat/completions", "https://api.openai.com/v1/chat/completions"),
            ("openai", "v1/chat/completions?a=b", "https://api.openai.com/v1/chat/completions?a=b"),
            ("openai", "videos/x", "https://api.openai.com/v1/videos/x"),
            ("anthropic", "v1/messages", "https://api.anthropic.com/v1/messages"),
            (
                "google-ai-studio", "v1beta/models/m:generateContent",
                "https://generativelanguage.googleapis.com/v1beta/models/m:generateContent"
            ),
            ("grok", "v1/chat/completions", "https://api.x.ai/v1/chat/completions"),
            ("groq", "chat/completions", "https://api.groq.com/openai/v1/chat/completions"),
            ("huggingface", "org/model", "https://api-inference.huggingface.co/models/org/model"),
            (
                "google-vertex-ai", "v1/projects/p/locations/us-east4/publishers/google/models/m:x",
                "https://us-east4-aiplatform.googleapis.com/v1/projects/p/locations/us-east4/publishers/google/models/m:x"
            ),
            (
                "google-vertex-ai", "v1/projects/p/locations/global/x",
                "https://aiplatform.googleapis.com/v1/projects/p/locations/global/x"
            ),
            (
                "azure-openai", "res/dep/chat/completions?api-version=1",
                "https://res.openai.azure.com/openai/deployments/dep/chat/completions?api-version=1"
            ),
            (
                "aws-bedrock", "bedrock-runtime/us-east-1/model/m/invoke",
                "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/invoke"
            ),
            ("baseten", "v1/chat/completions", "https://inference.baseten.co/v1/chat/completions"),
            ("baseten", "model/abc/sync/v1/x", "https://model-abc.api.baseten.co/sync/v1/x"),
            ("bedrock", "bedrock-runtime/us-east-1/x", "https://bedrock-runtime.us-east-1.amazonaws.com/x"),
        ])
    func addresses(name: String, path: String, url: String) throws {
        #expect(try #require(NativeVendors.vendor(name)).url(for: path) == url)
    }

    @Test(
        "Paths that would name another host lead nowhere",
        arguments: [
            ("azure-openai", "evil.dev/x/y"), ("azure-openai", "a/b"), ("azure-openai", "a@b/c/d"),
            ("azure-openai", "/d/x"),
            ("azure-openai", "-a/b/c"), ("aws-bedrock", "bedrock-runtime/evil.dev%2f/x"),
            ("aws-bedrock", "s3/us-east-1/x"),
            ("google-vertex-ai", "v1/projects/p"), ("google-vertex-ai", "v1/locations/evil.dev/x"),
            ("google-vertex-ai", "v1/x?a=/locations/us"), ("baseten", "model/a.b/x"), ("baseten", "model/a"),
        ])
    func nowhere(name: String, path: String) throws {
        #expect(try #require(NativeVendors.vendor(name)).url(for: path) == nil)
    }

    @Test(
        "Keys go where each vendor looks for them",
        arguments: [
            ("openai", "Authorization: Bearer k"), ("anthropic", "x-api-key: k"),
            ("google-ai-studio", "x-goog-api-key: k"),
            ("azure-openai", "api-key: k"), ("elevenlabs", "xi-api-key: k"), ("deepgram", "Authorization: Token k"),
            ("fal", "Authorization: Key k"), ("parallel", "x-api-key: k"),
        ])
    func keys(name: String, field: String) throws {
        let header = try #require(NativeVendors.vendor(name)).keyHeader(Secret("k"))
        #expect("\(header.name): \(header.value)" == field)
    }

    @Test(
        "Models are called after their authors",
        arguments: [
            ("openai/o4-mini", "openai/o4-mini"), ("google-ai-studio/gemini", "google/gemini"), ("grok/g", "xai/g"),
            ("perplexity-ai/sonar", "perplexity/sonar"), ("workers-ai/@cf/a/b", "@cf/a/b"), ("dynamic/r", "dynamic/r"),
            ("custom-x/grok/y", "custom-x/grok/y"), ("o4-mini", "o4-mini"), ("", ""), ("/", "/"),
        ])
    func names(named: String, name: String) {
        #expect(NativeVendors.catalogueName(named) == name)
    }

    @Test func `no two vendors have one name`() {
        let names = NativeVendors.all.flatMap { [$0.id] + $0.aliases }
        #expect(Set(names).count == names.count)
        for vendor in NativeVendors.all {
            if let base = vendor.base { #expect(base.hasPrefix("https://") && !base.hasSuffix("/")) }
        }
        #expect(NativeVendors.all.filter { !$0.takesStoredKeys }.map(\.id) == ["aws-bedrock"])
    }
}
