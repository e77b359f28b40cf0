import Testing

@testable import Guards

@Suite("Built-in profiles")
struct BuiltInProfileTests {
    @Test(arguments: [
        ("visa", "4111111111111111"), ("visa", "4111 1111 1111 1111"), ("visa", "pay 4111-1111-1111-1111."),
        ("visa", "4111 1111 1111 1111 123"), ("visa", "4112 4111 1111 1111 1111"), ("visa", "#4111111111111111"),
        ("visa", "卡号4111111111111111"), ("mastercard", "5555 5555 5555 4444"), ("mastercard", "2223003122003222"),
        ("american_express", "378282246310005"), ("american_express", "3782 822463 10005"),
        ("discover", "6011111111111117"), ("diners_club", "3056 930902 5904"), ("diners_club", "38520000023237"),
        ("jcb", "3530111333300000"), ("unionpay", "6200000000000005"), ("maestro", "6304000000000000"),
    ])
    func `card numbers are found`(entry: String, text: String) throws {
        #expect(try entries(in: text) == [entry])
    }

    @Test(arguments: [
        "4111111111111112", "0.4111111111111111", "[0.123,0.4111111111111111]", "41111111111111111",
        "x4111111111111111", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "1234567812345670", "2024-01-01 00:00:00",
        "0000 0000 0000 0000", "a4111111111111111", "id_4111111111111111", "4111111111111111e",
    ])
    func `other numbers are no cards`(text: String) throws {
        #expect(try entries(in: text).isEmpty)
    }

    @Test(arguments: [
        ("iban", "to DE89 3704 0044 0532 0130 00 BIC COBADEFF"), ("iban", "GB29NWBK60161331926819."),
        ("iban", "BE68 5390 0754 7034 WITH"), ("us_ssn_dashes", "SSN 123-45-6789"), ("us_ssn_spaces", "123 45 6789"),
        ("us_ssn_named", "my SSN: 123456789"), ("us_ssn_named", "Social Security Number is 123456789"),
        ("email_address", "mail jane.doe+x@mail.example.com now"), ("email_address", "<a@b.co>"),
        ("phone_international", "call +1 415 555 2671"), ("phone_international", "+14155552671"),
        ("phone_international", "+49 (0)30 1234567"), ("phone_international", "tel:+44 20 7946 0958"),
        ("phone_north_america", "(415) 555-2671"), ("phone_north_america", "415-555-2671"),
        ("aws_access_key", "AKIAIOSFODNN7EXAMPLE"), ("github_token", "ghp_" + String(repeating: "a1B2", count: 9)),
        ("google_api_key", "AIza" + String(repeating: "Sy-_7", count: 7)),
        ("stripe_key", "sk_live_" + String(repeating: "4eC39", count: 5)), ("slack_token", "xoxb-1234567890-abcdef"),
        ("hugging_face_token", "hf_" + String(repeating: "aB", count: 17)),
        ("private_key", "-----BEGIN RSA PRIVATE KEY-----"), ("private_key", "-----BEGIN PGP PRIVATE KEY BLOCK-----"),
        ("private_key", "-----BEGIN PRIVATE KEY-----"),
        ("json_web_token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"),
        ("openai_key", "sk-proj-abcdefghijklmnop12345"),
    ])
    func `other secrets are found`(entry: String, text: String) throws {
        #expect(try entries(in: text) == [entry])
    }

    @Test func `keys of ours and of Anthropic are told apart from others that begin alike`() throws {
        #expect(try entries(in: "sk-aig-0123456789abcdefghij") == ["aigateway_key", "openai_key"])
        #expect(try entries(in: "sk-ant-api03-0123456789abcdefghij") == ["anthropic_key", "openai_key"])
    }

    @Test(arguments: [
        "DE88 3704 0044 0532 0130 00", "000-12-3456", "123-00-4567", "123-45-0000", "666-12-3456", "912-12-3456",
        "123456789", "1123-45-67890", "@handle", "a@b", "user@localhost", "2+2=4", "+1234567", "+12345678901234567",
        "+123456789", "a+14155552671", "123-456-7890",
        "1-800-FLOWERS", "task-forces-of-the-united-nations", "sk-a-name-of-words-only-and-long",
        "eyJhbGciOiJIUzI1NiJ9",
        "-----BEGIN PUBLIC KEY-----", "AKIA-IS-A-WORD", "the iban is secret", "2026-11-21T06:39:32Z", "v1.2.3",
    ])
    func `what only looks like one is let pass`(text: String) throws {
        #expect(try entries(in: text).isEmpty)
    }

    @Test func `every profile has a gate, and ids are told once`() throws {
        let library = try builtInLibrary()
        #expect(library.profiles.allSatisfy { $0.gate != nil })
        #expect(Set(library.ids).count == library.ids.count)
        #expect(library.mayHoldSomething(Array("nothing at all".utf8)) == false)
    }
}
