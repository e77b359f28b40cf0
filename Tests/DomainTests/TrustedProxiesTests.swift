import Domain
import Testing

@Suite("Trusted proxies")
struct TrustedProxiesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var proxies = ["10.0.0.0/8", "2001:db8::/32"]
        var peer = "10.0.0.1"
        let fields: [String]
        let caller: String
    }

    static let cases = [
        Case(testDescription: "nobody is trusted", proxies: [], fields: ["203.0.113.7"], caller: "10.0.0.1"),
        Case(testDescription: "the peer is no proxy", peer: "203.0.113.1", fields: ["9.9.9.9"], caller: "203.0.113.1"),
        Case(testDescription: "the peer is not known", peer: "", fields: ["9.9.9.9"], caller: ""),
        Case(testDescription: "no field", fields: [], caller: "10.0.0.1"),
        Case(testDescription: "one proxy", fields: ["203.0.113.7"], caller: "203.0.113.7"),
        Case(
            testDescription: "a client's own words are before it", fields: ["1.1.1.1, 203.0.113.7"],
            caller: "203.0.113.7"),
        Case(testDescription: "garbage of a client's own", fields: ["x,,\"\u{e9}, 203.0.113.7"], caller: "203.0.113.7"),
        Case(testDescription: "two proxies", fields: ["203.0.113.7, 10.0.0.2"], caller: "203.0.113.7"),
        Case(
            testDescription: "a trusted address that somebody made up", fields: ["10.9.9.9, 203.0.113.7, 10.0.0.2"],
            caller: "203.0.113.7"),
        Case(
            testDescription: "several fields", fields: ["1.1.1.1", "203.0.113.7,10.0.0.3", "10.0.0.2"],
            caller: "203.0.113.7"),
        Case(testDescription: "blanks around it", fields: [" \t203.0.113.7\t , 10.0.0.2 "], caller: "203.0.113.7"),
        Case(testDescription: "no blanks", fields: ["1.1.1.1,203.0.113.7"], caller: "203.0.113.7"),
        Case(
            testDescription: "IPv6", peer: "2001:db8::1", fields: ["2001:dead::7, 2001:db8::2"], caller: "2001:dead::7"),
        Case(
            testDescription: "IPv4 in IPv6", peer: "::ffff:10.0.0.1", fields: ["::ffff:203.0.113.7"],
            caller: "::ffff:203.0.113.7"),
        Case(testDescription: "everybody is trusted", fields: ["10.0.0.9, 10.0.0.2"], caller: "10.0.0.1"),
        Case(testDescription: "an empty field", fields: [""], caller: "10.0.0.1"),
        Case(testDescription: "an empty entry at the end", fields: ["203.0.113.7,"], caller: "10.0.0.1"),
        Case(testDescription: "an empty last field", fields: ["203.0.113.7", ""], caller: "10.0.0.1"),
        Case(testDescription: "no address", fields: ["203.0.113.7, unknown"], caller: "10.0.0.1"),
        Case(testDescription: "a port", fields: ["203.0.113.7:1234"], caller: "10.0.0.1"),
        Case(testDescription: "brackets", fields: ["[2001:dead::7]"], caller: "10.0.0.1"),
        Case(testDescription: "a network", fields: ["203.0.113.0/24"], caller: "10.0.0.1"),
        Case(testDescription: "an interface", fields: ["fe80::1%eth0"], caller: "10.0.0.1"),
        Case(testDescription: "figures that could be read in two ways", fields: ["203.0.113.07"], caller: "10.0.0.1"),
        Case(testDescription: "two addresses in one entry", fields: ["203.0.113.7 9.9.9.9"], caller: "10.0.0.1"),
        Case(
            testDescription: "no address behind a proxy", fields: ["203.0.113.7, ?, 10.0.0.2"], caller: "10.0.0.1"),
        Case(
            testDescription: "a single proxy", proxies: ["10.0.0.1"], fields: ["203.0.113.7, 10.0.0.2"],
            caller: "10.0.0.2"),
    ]

    @Test(arguments: cases) func `the caller is found as far as proxies are trusted`(_ case: Case) throws {
        let proxies = TrustedProxies(try `case`.proxies.map { try #require(AddressRange($0)) })
        #expect(proxies.caller(peer: `case`.peer, forwardedFor: `case`.fields) == `case`.caller)
    }

    @Test func `a list as long as a head can be is read`() {
        let proxies = TrustedProxies([AddressRange("10.0.0.0/8")].compactMap(\.self))
        let long = Array(repeating: "10.0.0.2", count: 2_000).joined(separator: ",")
        #expect(proxies.caller(peer: "10.0.0.1", forwardedFor: ["203.0.113.7," + long]) == "203.0.113.7")
        #expect(proxies.caller(peer: "10.0.0.1", forwardedFor: [String(repeating: ",", count: 16_000)]) == "10.0.0.1")
    }
}
