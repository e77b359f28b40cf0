import Domain
import Testing

@testable import Settings

@Suite("Settings: mistakes")
struct SettingsProblemTests {
    struct Bad: Sendable {
        var name: String
        var values: [String]
        var allowed: String
    }

    static let bad: [Bad] = [
        Bad(
            name: "server.listen",
            values: [
                "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:+1", "a b:1", "::1:8080",
                "[::1]", "[::1]8080", "[example.com]:80", "http://x:1", "x:1:2",
            ],
            allowed: "HOST:PORT or [IPV6]:PORT, such as 127.0.0.1:8080; port 0 lets the system choose"),
        Bad(
            name: "server.public_url",
            values: [
                "example.com", "ftp://example.com", "https://", "https://user:pass@example.com", "https://a.b/?q",
                "https://a.b/#f", "https://a.b:0", "https://a.b:x", "https://a b", "https://a.b/\u{e9}", "//a.b",
            ],
            allowed: "an http:// or https:// address without user name, query or fragment, "
                + "such as https://api.example.com/v1"),
        Bad(
            name: "server.threads", values: ["-1", "257", "two", "1.5", "AUTO"],
            allowed: "auto (or 0), or a whole number from 1 to 256"),
        Bad(
            name: "server.max_connections",
            values: ["0", "1000001", "+5", "1e3", "0x10", " 5", "99999999999999999999", "٣"],
            allowed: "a whole number from 1 to 1000000"),
        Bad(
            name: "server.max_body_bytes",
            values: ["32MB", "32 MiB", "1023", "2GiB", "-1", "MiB", "1.5MiB", "9999999999999GiB", "32mib"],
            allowed: "a size from 1KiB to 1GiB: a whole number of bytes, or one followed by KiB, MiB or GiB"),
        Bad(
            name: "server.head_timeout",
            values: ["10", "10 s", "0s", "25h", "1d", "-1s", "s", "1.5s", "9999999999999999999h"],
            allowed: "a duration from 1ms to 24h: a whole number followed by ms, s, m or h"),
        Bad(
            name: "server.trusted_proxies",
            values: ["10.0.0.0/33", "proxy", "10.0.0.1,", ",", "10.0.0.1;10.0.0.2", "10.0.0.1:80", "*"],
            allowed: "addresses and networks such as 10.0.0.0/8 or 2001:db8::1, with commas between them, 100 at most"),
        Bad(name: "data.durability", values: ["disk", "Process"], allowed: "one of process, power"),
        Bad(name: "log.level", values: ["trace", "INFO"], allowed: "one of debug, info, notice, warning, error"),
        Bad(name: "log.format", values: ["text"], allowed: "one of auto, human, json"),
        Bad(name: "sandbox.mode", values: ["true", "yes"], allowed: "one of auto, on, off"),
        Bad(name: "sandbox.faults", values: ["on", "1", "True"], allowed: "true or false"),
        Bad(name: "data.dir", values: ["a\0b"], allowed: "a path"),
    ]

    @Test(arguments: bad) func `a bad value says where, what and what is allowed`(bad: Bad) throws {
        let setting = try #require(SettingTable.byName[bad.name])
        for value in bad.values {
            let text = setting.isQuotable ? "\"\(printable(value))\"" : "the value"
            let rest = ": \(bad.name): \(text) is not accepted; allowed: \(bad.allowed)"
            #expect(
                complaints(environment: [setting.environmentName: value])
                    == ["environment variable \(setting.environmentName)" + rest])
            #expect(complaints(flags: [bad.name: value]) == ["flag --\(bad.name)" + rest])
        }
    }

    struct Wrong: Sendable {
        var yaml: String
        var complaint: String
    }

    static let wrong: [Wrong] = [
        Wrong(
            yaml: "server:\n  max_body_bytes: 32MB\n",
            complaint: "a.yaml:2:19: server.max_body_bytes: \"32MB\" is not accepted; allowed: "
                + "a size from 1KiB to 1GiB: a whole number of bytes, or one followed by KiB, MiB or GiB"),
        Wrong(yaml: "[1]", complaint: "a.yaml:1:1: the file must be a mapping of names to values"),
        Wrong(yaml: "text", complaint: "a.yaml:1:1: the file must be a mapping of names to values"),
        Wrong(yaml: "server: 5", complaint: "a.yaml:1:9: server must be a mapping of names to values"),
        Wrong(
            yaml: "server:\n  listen: [a]\n",
            complaint: "a.yaml:2:11: server.listen: must be one value, not a list or a mapping"),
        Wrong(
            yaml: "server:\n  listen: {host: a}\n",
            complaint: "a.yaml:2:11: server.listen: must be one value, not a list or a mapping"),
        Wrong(
            yaml: "server:\n  listne: a:1\n",
            complaint: "a.yaml:2:3: there is no setting server.listne; did you mean server.listen?"),
        Wrong(
            yaml: "server:\n  maxBodyBytes: 1\n",
            complaint: "a.yaml:2:3: there is no setting server.maxBodyBytes; did you mean server.max_body_bytes?"),
        Wrong(
            yaml: "server:\n  max_body: 1\n",
            complaint: "a.yaml:2:3: there is no setting server.max_body; did you mean server.max_body_bytes?"),
        Wrong(
            yaml: "server:\n  level: info\n",
            complaint: "a.yaml:2:3: there is no setting server.level; did you mean log.level?"),
        Wrong(yaml: "server:\n  zzz: 1\n", complaint: "a.yaml:2:3: there is no setting server.zzz"),
        Wrong(yaml: "sever: {}", complaint: "a.yaml:1:1: there is no setting sever; did you mean server?"),
        Wrong(yaml: "provider: {}", complaint: "a.yaml:1:1: there is no setting provider; did you mean providers?"),
        Wrong(yaml: "listen: a:1", complaint: "a.yaml:1:1: there is no setting listen; did you mean server.listen?"),
        Wrong(
            yaml: "server.listen: a:1",
            complaint: "a.yaml:1:1: write listen: under server:, not server.listen: in one word"),
        Wrong(
            yaml: "log:\n  level: info\nlog:\n  format: json\n",
            complaint: "a.yaml:3:1: the key \"log\" was given before, in line 1"),
        Wrong(yaml: "a: [", complaint: "a.yaml:2:1: while parsing a flow node: did not find expected node content"),
        Wrong(
            yaml: "a: &x 1",
            complaint: "a.yaml:1:4: an anchor (&name) is not supported; write the value where it is needed"),
        Wrong(
            yaml: "tls:\n  certificate: a.pem\n", complaint: "a.yaml:2:16: tls.certificate: tls.key must be set as well"
        ),
        Wrong(yaml: "tls:\n  key: a.pem\n", complaint: "a.yaml:2:8: tls.key: tls.certificate must be set as well"),
        Wrong(
            yaml: "billing:\n  auto_reload: true\nstripe:\n  secret_key: sk\n",
            complaint: "a.yaml:2:16: billing.auto_reload: stripe.webhook_secret must be set as well"),
        Wrong(
            yaml: "billing:\n  auto_reload: true\nstripe:\n  webhook_secret: wh\n",
            complaint: "a.yaml:2:16: billing.auto_reload: stripe.secret_key must be set as well"),
        Wrong(
            yaml: "\"\\e[31m\\nx\": 1\n", complaint: "a.yaml:1:1: there is no setting ?[31m?x"),
    ]

    @Test(arguments: wrong) func `a wrong file says where and what`(wrong: Wrong) {
        #expect(complaints(wrong.yaml) == [wrong.complaint])
    }

    @Test(arguments: [
        ("AIGATEWAY_SERVER_LISTN", "AIGATEWAY_SERVER_LISTEN"),
        ("AIGATEWAY_MAX_BODY_BYTES", "AIGATEWAY_SERVER_MAX_BODY_BYTES"),
        ("AIGATEWAY_LISTEN", "AIGATEWAY_SERVER_LISTEN"), ("AIGATEWAY_CONFG", "AIGATEWAY_CONFIG"),
        ("AIGATEWAY_SERVER__LISTEN", "AIGATEWAY_SERVER_LISTEN"),
    ]) func `an unknown variable names the nearest`(name: String, nearest: String) {
        #expect(
            complaints(environment: [name: "1"])
                == ["environment variable \(name): there is no setting of this name; did you mean \(nearest)?"])
    }

    @Test func `an unknown variable near nothing is still a mistake`() {
        #expect(
            complaints(environment: ["AIGATEWAY_QQQQ": "1"])
                == ["environment variable AIGATEWAY_QQQQ: there is no setting of this name"])
    }

    @Test(arguments: [("lisen", "--listen"), ("log_level", "--log-level"), ("server.lsten", "--server.listen")])
    func `an unknown flag names the nearest`(name: String, nearest: String) {
        #expect(complaints(flags: [name: "1"]) == ["flag --\(name): there is no such flag; did you mean \(nearest)?"])
    }

    @Test func `all mistakes are reported at once, in order`() {
        let yaml = """
            server:
              listen: nowhere
              max_body_bytes: 32MB
              lisen: 1
            loog: {}
            tls: {certificate: a}
            providers:
              Bad Name: {}
              openai: {api_key: "${NOT_SET}", url: x}
              other: {api_key: k}
            """
        let environment = ["AIGATEWAY_LOG_LEVEL": "loud", "AIGATEWAY_NOTHING": "1"]
        let lines = complaints(yaml, environment: environment, flags: ["--data": "", "--frobnicate": "1"])
        let starts = [
            "a.yaml:2:11: server.listen: \"nowhere\"", "a.yaml:3:19: server.max_body_bytes: \"32MB\"",
            "a.yaml:4:3: there is no setting server.lisen", "a.yaml:5:1: there is no setting loog",
            "a.yaml:8:3: this is no name for a provider",
            "a.yaml:9:21: providers.openai.api_key: the environment variable NOT_SET is not set",
            "a.yaml:9:35: there is no provider setting url",
            "environment variable AIGATEWAY_LOG_LEVEL: log.level: \"loud\"", "environment variable AIGATEWAY_NOTHING:",
            "flag --data: data.dir: \"\" is not accepted", "flag --frobnicate: there is no such flag",
            "a.yaml:10:3: providers.other.base_url: is missing", "a.yaml:6:20: tls.certificate: tls.key must be set",
        ]
        #expect(lines.count == starts.count)
        for (line, start) in zip(lines, starts) { #expect(line.hasPrefix(start)) }
    }

    @Test func `a file that is no YAML does not hide mistakes elsewhere`() {
        let lines = complaints("a: [", environment: ["AIGATEWAY_LOG_LEVEL": "loud"], flags: ["--data": ""])
        #expect(lines.count == 3)
    }

    @Test func `a value that is overridden must still be right`() {
        #expect(complaints("log: {level: loud}", flags: ["--log-level": "info"]).count == 1)
    }

    @Test func `a long value is cut in the report`() {
        let line = complaints(flags: ["--listen": String(repeating: "x", count: 100_000)]).first
        #expect((line?.utf8.count ?? .max) < 300)
    }

    @Test func `a file too large is refused`() {
        let yaml = String(repeating: "#", count: Settings.maxFileBytes + 1)
        #expect(
            complaints(yaml) == ["a.yaml:1:1: the document has 1048577 bytes; 1048576 are allowed"])
    }
}

@Suite("Nearest name")
struct NearestNameTests {
    @Test(arguments: [
        ("", "", 0), ("abc", "abc", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("ab", "ba", 1),
        ("listne", "listen", 1), ("a", "b", 1),
    ]) func `the distance counts edits`(left: String, right: String, distance: Int) {
        #expect(NearestName.editDistance(Array(left.utf8), Array(right.utf8)) == distance)
    }
}
