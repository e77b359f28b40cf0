import Testing

@testable import Telemetry

@Suite("Secret")
struct SecretTests {
    struct Holder {
        var name = "openai"
        var key: Secret? = Secret("sk-abc123")
    }

    @Test func `a secret is never printed`() {
        let secret = Secret("sk-abc123")
        var dumped = ""
        dump(Holder(), to: &dumped)
        dump(secret, to: &dumped)
        var streamed = ""
        print(secret, [secret], ["k": secret], Holder(), to: &streamed)
        let texts = [
            "\(secret)", String(describing: secret), String(reflecting: secret), String(describing: [secret]),
            String(reflecting: Holder()), String(describing: Mirror(reflecting: secret).children.map { $0 }),
            secret.debugDescription, dumped, streamed,
        ]
        #expect(texts.allSatisfy { !$0.contains("abc123") })
        #expect("\(secret)" == "[redacted]")
        #expect(dumped.contains("openai"))
    }

    @Test func `a secret comes out only when asked`() {
        #expect(Secret("sk-abc123").reveal() == "sk-abc123")
    }

    @Test(arguments: [
        ("abc", "abc", true), ("abc", "abd", false), ("abc", "xbc", false), ("abc", "ab", false), ("", "", true),
    ]) func `secrets are equal when their texts are`(left: String, right: String, same: Bool) {
        #expect((Secret(left) == Secret(right)) == same)
    }
}
