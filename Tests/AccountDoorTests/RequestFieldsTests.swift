import Domain
import JSON
import MemoryStores
import Synchronization
import Testing

@testable import AccountDoor

@Suite("What bodies may hold", .timeLimit(.minutes(1)))
struct RequestFieldsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let body: String
        let reason: String
        var param: String?
        var hint = ""
        var target = "POST /v1/keys"
        var testDescription: String { String(body.prefix(80)) }
    }

    static let cases = [
        Case(body: "{", reason: "invalid_body"), Case(body: "[]", reason: "invalid_type"),
        Case(body: "\"a\"", reason: "invalid_type"), Case(body: "{} {}", reason: "invalid_body"),
        Case(body: "{\"name\":\"\u{FF}\"", reason: "invalid_body"),
        Case(body: "{\"name\":[[[[[[[[[[[[[[]]]]]]]]]]]]]]}", reason: "invalid_body"),
        Case(body: "", reason: "missing_field", param: "name"),
        Case(body: "{}", reason: "missing_field", param: "name"),
        Case(body: #"{"name":null}"#, reason: "invalid_value", param: "name"),
        Case(body: #"{"name":1}"#, reason: "invalid_type", param: "name"),
        Case(body: #"{"name":""}"#, reason: "invalid_value", param: "name"),
        Case(body: #"{"name":"a\nb"}"#, reason: "invalid_value", param: "name"),
        Case(body: #"{"name":"a\u2028b"}"#, reason: "invalid_value", param: "name"),
        Case(
            body: "{\"name\":\"\(String(repeating: "a", count: 201))\"}", reason: "invalid_value", param: "name"),
        Case(body: #"{"name":"a","name":"b"}"#, reason: "duplicate_field", param: "name"),
        Case(body: #"{"nmae":"a"}"#, reason: "invalid_value", param: "nmae", hint: "`name`"),
        Case(
            body: #"{"name":"a","spend_cap":1}"#, reason: "invalid_value", param: "spend_cap",
            hint: "`spend_cap_cents`"),
        Case(
            body: #"{"name":"a","rate-limit-rpm":1}"#, reason: "invalid_value", param: "rate-limit-rpm",
            hint: "`rate_limit_rpm`"),
        Case(body: #"{"name":"a","xyzzy":1}"#, reason: "invalid_value", param: "xyzzy", hint: "`allowed_ips`"),
        Case(body: #"{"name":"a","id":"key_1"}"#, reason: "invalid_value", param: "id"),
        Case(body: #"{"name":"a","account_id":"acc_other"}"#, reason: "invalid_value", param: "account_id"),
        Case(body: #"{"name":"a","role":"owner"}"#, reason: "invalid_value", param: "role", hint: "`key-only`"),
        Case(body: #"{"name":"a","role":1}"#, reason: "invalid_type", param: "role"),
        Case(body: #"{"name":"a","spend_cap_cents":-1}"#, reason: "invalid_value", param: "spend_cap_cents"),
        Case(body: #"{"name":"a","spend_cap_cents":0}"#, reason: "invalid_value", param: "spend_cap_cents"),
        Case(body: #"{"name":"a","spend_cap_cents":1e-8}"#, reason: "invalid_value", param: "spend_cap_cents"),
        Case(
            body: #"{"name":"a","spend_cap_cents":0.00000001}"#, reason: "invalid_value", param: "spend_cap_cents",
            hint: "7 decimals"),
        Case(
            body: #"{"name":"a","spend_cap_cents":100000000000.0000001}"#, reason: "invalid_value",
            param: "spend_cap_cents", hint: "at most 100000000000 cents"),
        Case(
            body: #"{"name":"a","spend_cap_cents":1e30}"#, reason: "invalid_value", param: "spend_cap_cents",
            hint: "at most"),
        Case(body: #"{"name":"a","spend_cap_cents":true}"#, reason: "invalid_type", param: "spend_cap_cents"),
        Case(body: #"{"name":"a","spend_cap_cents":"1,50"}"#, reason: "invalid_type", param: "spend_cap_cents"),
        Case(body: #"{"name":"a","spend_cap_cents":"$1"}"#, reason: "invalid_type", param: "spend_cap_cents"),
        Case(body: #"{"name":"a","rate_limit_rpm":0}"#, reason: "invalid_value", param: "rate_limit_rpm"),
        Case(body: #"{"name":"a","rate_limit_rpm":1.5}"#, reason: "invalid_value", param: "rate_limit_rpm"),
        Case(body: #"{"name":"a","rate_limit_rpm":"5"}"#, reason: "invalid_type", param: "rate_limit_rpm"),
        Case(
            body: #"{"name":"a","rate_limit_rpm":99999999999999999999}"#, reason: "invalid_value",
            param: "rate_limit_rpm"),
        Case(body: #"{"name":"a","max_concurrency":-1}"#, reason: "invalid_value", param: "max_concurrency"),
        Case(
            body: #"{"name":"a","allowed_models":[]}"#, reason: "invalid_value", param: "allowed_models", hint: "null"),
        Case(body: #"{"name":"a","allowed_models":"x"}"#, reason: "invalid_type", param: "allowed_models"),
        Case(body: #"{"name":"a","allowed_models":[1]}"#, reason: "invalid_type", param: "allowed_models/0"),
        Case(
            body: #"{"name":"a","allowed_models":["a/b","o*i/x"]}"#, reason: "invalid_value", param: "allowed_models/1"
        ),
        Case(body: #"{"name":"a","allowed_models":["a b"]}"#, reason: "invalid_value", param: "allowed_models/0"),
        Case(body: #"{"name":"a","allowed_ips":[]}"#, reason: "invalid_value", param: "allowed_ips"),
        Case(
            body: #"{"name":"a","allowed_ips":["10.0.0.1","10.0.0.0/33"]}"#, reason: "invalid_value",
            param: "allowed_ips/1"),
        Case(body: #"{"name":"a","allowed_ips":["localhost"]}"#, reason: "invalid_value", param: "allowed_ips/0"),
        Case(body: #"{"name":"a","expires_at":1}"#, reason: "invalid_value", param: "expires_at"),
        Case(body: #"{"name":"a","expires_at":1779278400}"#, reason: "invalid_value", param: "expires_at"),
        Case(body: #"{"name":"a","expires_at":9223372036854775807}"#, reason: "invalid_value", param: "expires_at"),
        Case(body: #"{"name":"a","expires_at":1779278401000000}"#, reason: "invalid_value", param: "expires_at"),
        Case(body: #"{"name":"a","expires_at":"tomorrow"}"#, reason: "invalid_type", param: "expires_at"),
        Case(body: #"{"a":1}"#, reason: "invalid_value", param: "a", target: "POST /v1/keys/key_1/rotate"),
    ]

    @Test(arguments: cases)
    func `what a body must not hold is refused by name, and nothing is changed`(wanted: Case) async throws {
        let house = try House()
        let admin = try house.key(.admin)
        let before = try house.store.keyGeneration()
        let answer = try await house.ask(wanted.target, as: admin.secret, bytes: Array(wanted.body.utf8))
        #expect(answer.status == 400)
        #expect(answer.reason == wanted.reason, "\(answer.text)")
        #expect(answer.param == wanted.param)
        #expect(answer.text.contains(wanted.hint))
        #expect(try house.store.keyGeneration() == before)
        #expect(house.changes.load(ordering: .relaxed) == 0)
    }

    @Test func `lists are bounded`() async throws {
        let house = try House()
        let secret = try house.key(.admin).secret
        let addresses = (0...100).map { JSONValue.string("10.0.0.\($0)") }
        let tooMany = try await house.ask("POST /v1/keys", as: secret, ["name": "a", "allowed_ips": .array(addresses)])
        #expect(tooMany.status == 400 && tooMany.param == "allowed_ips")
        let enough: JSONValue = ["name": "a", "allowed_ips": .array(Array(addresses.dropLast()))]
        #expect(try await house.ask("POST /v1/keys", as: secret, enough).status == 201)
    }

    @Test func `a body of more than 64 KiB is not read`() async throws {
        let house = try House()
        let secret = try house.key(.admin).secret
        func ask(_ count: Int) async throws -> House.Answer {
            let frame = Array(#"{"name":"a"}"#.utf8)
            return try await house.ask(
                "POST /v1/keys", as: secret, bytes: frame + [UInt8](repeating: 0x20, count: count - frame.count))
        }
        #expect(try await ask(64 << 10).status == 201)
        let refused = try await ask((64 << 10) + 1)
        #expect(refused.status == 413 && refused.reason == "payload_too_large")
        // Who has no key is told that, whatever was sent.
        #expect(try await house.ask("POST /v1/keys", bytes: [UInt8](repeating: 0, count: 1 << 20)).status == 401)
    }

    @Test(
        "Amounts are read to the nano-dollar, as numbers or as text",
        arguments: [
            ("1", 10_000_000), ("\"0.5\"", 5_000_000), ("0.00792", 79_200), ("1e-7", 1), ("0.1", 1_000_000),
            ("100000000000", 1_000_000_000_000_000_000), ("12345678901.2345678", 123_456_789_012_345_678),
            ("33333333333.3333333", 333_333_333_333_333_333),
        ] as [(String, Int64)])
    func amounts(text: String, nanodollars: Int64) async throws {
        let house = try House()
        let body = Array(#"{"name":"a","spend_cap_cents":\#(text)}"#.utf8)
        let made = try await house.ask("POST /v1/keys", as: house.key(.admin).secret, bytes: body)
        #expect(try house.store.key(KeyID(made.id))?.scope.limits.monthly?.rawValue == nanodollars)
    }
}
