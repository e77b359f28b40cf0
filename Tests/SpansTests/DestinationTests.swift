import JSON
import Telemetry
import Testing

@testable import Spans

@Suite("The field otel")
struct DestinationTests {
    static let entry =
        #"{"url":"https://otel.example:4318/v1/traces?key=q","headers":{"X-Api-Key":"s3cret","X-B":""},"#
        + #""authorization":"Bearer abc","content_type":"protobuf"}"#

    func problems(_ form: String, keeping stored: [OTLPDestination] = []) throws -> [String] {
        let value = try json(form)
        do throws(OTLPProblems) {
            _ = try OTLPDestination.list(json: value, keeping: stored)
            return []
        } catch {
            return error.problems.map(\.pointer)
        }
    }

    @Test func `an entry goes to the store as it came, and to clients without its secrets`() throws {
        let read = try OTLPDestination.list(json: json("[\(Self.entry)]"))
        let one = try #require(read.first)
        #expect(text(one.json(.revealed)) == Self.entry)
        #expect(
            text(one.json(.masked))
                == #"{"url":"https://otel.example:4318/v1/traces?key=q","headers":{"X-Api-Key":"[redacted]","#
                + #""X-B":"[redacted]"},"authorization":"[redacted]","content_type":"protobuf"}"#)
        #expect(one.host == "otel.example:4318")
        #expect(!"\(one)".contains("s3cret") && !"\(one)".contains("abc"))
    }

    @Test func `what is left out has its default`() throws {
        let read = try OTLPDestination.list(
            json: json(#"[{"url":"HTTP://[::1]:9/","headers":null,"authorization":""}]"#))
        #expect(
            read == [OTLPDestination(url: "HTTP://[::1]:9/", headers: [], authorization: nil, contentType: .json)])
        #expect(try OTLPDestination.list(json: []) == [])
    }

    @Test func `a masked secret written back stays what it was`() throws {
        let stored = try OTLPDestination.list(json: json("[\(Self.entry)]"))
        let back = text(.array(stored.map { $0.json(.masked) }))
        #expect(try OTLPDestination.list(json: json(back), keeping: stored) == stored)
        #expect(try problems(back) == ["/otel/0/headers/X-Api-Key", "/otel/0/headers/X-B", "/otel/0/authorization"])
    }

    @Test func `a masked secret does not follow to another address or name`() throws {
        let stored = try OTLPDestination.list(json: json("[\(Self.entry)]"))
        let elsewhere =
            #"[{"url":"https://evil.example/","headers":{"X-Api-Key":"[redacted]"},"authorization":"[redacted]"}]"#
        #expect(
            try problems(elsewhere, keeping: stored) == ["/otel/0/headers/X-Api-Key", "/otel/0/authorization"])
        let renamed = #"[{"url":"https://otel.example:4318/v1/traces?key=q","headers":{"X-Other":"[redacted]"}}]"#
        #expect(try problems(renamed, keeping: stored) == ["/otel/0/headers/X-Other"])
    }

    @Test(arguments: [
        ("{}", ["/otel"]), ("[1]", ["/otel/0"]), ("[{}]", ["/otel/0/url"]),
        (#"[{"url":"https://a","x/y":1}]"#, ["/otel/0/x~1y"]),
        (#"[{"url":"https://a","url":"https://b"}]"#, ["/otel/0"]),
        (#"[{"url":"https://a","headers":[]}]"#, ["/otel/0/headers"]),
        (#"[{"url":"https://a","headers":{"a b":"c"}}]"#, ["/otel/0/headers/a b"]),
        (#"[{"url":"https://a","headers":{"":"c"}}]"#, ["/otel/0/headers/"]),
        (
            #"[{"url":"https://a","headers":{"Host":"c","AUTHORIZATION":"d"}}]"#,
            ["/otel/0/headers/Host", "/otel/0/headers/AUTHORIZATION"]
        ),
        (#"[{"url":"https://a","headers":{"X":"1","x":"2"}}]"#, ["/otel/0/headers/x"]),
        (#"[{"url":"https://a","headers":{"X":1}}]"#, ["/otel/0/headers/X"]),
        (#"[{"url":"https://a","headers":{"X":"a\r\nY: b"}}]"#, ["/otel/0/headers/X"]),
        (#"[{"url":"https://a","authorization":7}]"#, ["/otel/0/authorization"]),
        (#"[{"url":"https://a","content_type":"xml"}]"#, ["/otel/0/content_type"]),
    ])
    func `what is wrong is told with its place`(form: String, places: [String]) throws {
        #expect(try problems(form) == places)
    }

    @Test func `there are not too many`() throws {
        let many = Array(repeating: #"{"url":"https://a"}"#, count: OTLPDestination.maximumDestinations + 1)
        #expect(try problems("[\(many.joined(separator: ","))]") == ["/otel"])
    }

    @Test(
        arguments: [
            ("https://a", "a"), ("http://a.b:1/c?d#e", "a.b:1"), ("HTTPS://A/", "A"), ("http://[::1]:80/", "[::1]:80"),
            ("http://[::1]", "[::1]"), ("ftp://a", nil), ("https://", nil), ("https:///x", nil),
            ("https://u:p@a/", nil), ("https://u@a/", nil),
            ("https://a:0/", nil), ("https://a:99999/", nil), ("https://a:/", nil), ("https://a b/", nil), ("a", nil),
            ("", nil),
            ("https://[::1", nil), ("https://[]/", nil), ("https://[::1]x/", nil), ("https://a:1:2/", nil),
            ("file:///etc/passwd", nil), ("https://a\r\n", nil), ("https://é/", nil),
            ("https://a/" + String(repeating: "x", count: 2_048), nil),
        ] as [(String, String?)])
    func `an address is one of http or https`(url: String, host: String?) {
        #expect(OTLPAddress(url)?.host == host)
    }
}
