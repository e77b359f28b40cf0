import Crypto
import Domain
import Telemetry
import Testing

@testable import Billing

/// The codes were computed apart from this code, with Python's `hmac`.
private let known1 = "7f3cd045354f363be1cccfe59ef2c9e8b055acdd9caa43f2e0ac2c6ef12ea35a"
private let known2 = "c7091dc0b945963acb320428dc4bde8166f2d66de41ac15ada69a252ff088fd5"

@Suite("Stripe's signature")
struct StripeSignatureTests {
    private static let body = Array(#"{"id":"evt_1"}"#.utf8)
    private static let zeros = String(repeating: "0", count: 64)

    @Test(
        "One good code among those sent is enough",
        arguments: [
            "t=1700000000,v1=\(known1)", "v1=\(known1),t=1700000000", "t=1700000000,v1=\(zeros),v1=\(known1)",
            "t=1700000000,v1=\(known1),v0=abc", "t=1700000000,v1=\(known1),v2=", "t=1700000000, v1=\(known1)",
            "t=1700000000,v1=\(known1.uppercased())", "t=1700000000,v1=zz,v1=\(known1)",
        ])
    func good(header: String) throws {
        #expect(try #require(StripeSignature(header)).isOf(Self.body, under: [Secret("whsec_test_1")]))
    }

    @Test(
        "What is no signature is not taken for one",
        arguments: [
            "", ",", "=", "garbage", "t=1700000000", "v1=\(known1)", "t=,v1=\(known1)", "t=-1700000000,v1=\(known1)",
            "t=+1700000000,v1=\(known1)", "t=1700000000.0,v1=\(known1)", "t=1e9,v1=\(known1)",
            "t= 1700000000,v1=\(known1)", "t=1700000000,t=1700000000,v1=\(known1)",
            "t=99999999999999999999999,v1=\(known1)", "t=1700000000,v1", "t=1700000000,v1=",
            "t=1700000000,v1=\(known1.dropLast())", "t=1700000000,v1=\(known1)0", "t=1700000000;v1=\(known1)",
            "t=1700000000,v0=\(known1)", "t=1700000000,V1=\(known1)", "t=١٧٠٠٠٠٠٠٠٠,v1=\(known1)",
            "t=1700000000,v1=\(known1),v0=" + String(repeating: "x", count: 5_000),
            "t=1700000000" + String(repeating: ",v1=\(known1)", count: 17),
        ])
    func garbage(header: String) {
        #expect(StripeSignature(header) == nil)
    }

    @Test(
        "A code is good for its time, its body and its secret only",
        arguments: [
            ("t=1700000001,v1=\(known1)", #"{"id":"evt_1"}"#, ["whsec_test_1"], false),
            ("t=01700000000,v1=\(known1)", #"{"id":"evt_1"}"#, ["whsec_test_1"], false),
            ("t=1700000000,v1=\(known1)", #"{"id":"evt_2"}"#, ["whsec_test_1"], false),
            ("t=1700000000,v1=\(known1)", #"{"id":"evt_1"} "#, ["whsec_test_1"], false),
            ("t=1700000000,v1=\(known1)", "", ["whsec_test_1"], false),
            ("t=1700000000,v1=\(known1)", #"{"id":"evt_1"}"#, ["whsec_test_2"], false),
            ("t=1700000000,v1=\(known1)", #"{"id":"evt_1"}"#, ["whsec_test_2", "whsec_test_1"], true),
            ("t=1700000000,v1=\(known2)", #"{"id":"evt_1"}"#, ["whsec_test_1", "whsec_test_2"], true),
            ("t=1700000000,v1=\(zeros)", #"{"id":"evt_1"}"#, ["whsec_test_1"], false),
        ])
    func fits(header: String, body: String, secrets: [String], fits: Bool) throws {
        let signature = try #require(StripeSignature(header))
        #expect(signature.isOf(Array(body.utf8), under: secrets.map { Secret($0) }) == fits)
    }
}
