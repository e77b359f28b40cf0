import JSON
import Testing

@testable import Guards

@Suite("The field dlp")
struct DLPPolicySetTests {
    static let forms = [
        #"{"enabled":true,"action":"BLOCK","profiles":["iban","us_ssn"]}"#,
        #"{"enabled":false,"policies":[{"id":"a","action":"FLAG","check":["REQUEST"],"enabled":true,"profiles":["iban"]},"#
            + #"{"id":"b c","action":"BLOCK","check":["REQUEST","RESPONSE"],"enabled":false,"profiles":["us_ssn"]}]}"#,
    ]

    @Test(arguments: forms) func `either form comes back as it came`(form: String) throws {
        let read = try DLPPolicySet(json: json(form), known: builtInLibrary().ids)
        #expect(text(read.json) == form)
        #expect(try DLPPolicySet(json: read.json) == read)
    }

    @Test func `words may come in any case and go out in one`() throws {
        let form =
            #"{"enabled":true,"policies":[{"id":"a","action":"block","check":["Response","response"],"#
            + #""enabled":true,"profiles":["iban","iban"]}]}"#
        let answer =
            #"{"enabled":true,"policies":[{"id":"a","action":"BLOCK","check":["RESPONSE"],"#
            + #""enabled":true,"profiles":["iban"]}]}"#
        #expect(text(try DLPPolicySet(json: json(form)).json) == answer)
    }

    @Test(arguments: [
        ("[]", ["/dlp"]), ("{}", ["/dlp/enabled", "/dlp/action", "/dlp/profiles"]),
        (#"{"enabled":1,"action":"LOG","profiles":[]}"#, ["/dlp/enabled", "/dlp/action", "/dlp/profiles"]),
        (#"{"enabled":true,"action":"FLAG","profiles":["gone",1]}"#, ["/dlp/profiles/0", "/dlp/profiles/1"]),
        (#"{"enabled":true,"action":"FLAG","profiles":["iban"],"a/b":1}"#, ["/dlp/a~1b"]),
        (#"{"enabled":true,"action":"FLAG","policies":[]}"#, ["/dlp/action", "/dlp/policies"]),
        (
            #"{"enabled":true,"policies":[{}]}"#,
            [
                "/dlp/policies/0/id", "/dlp/policies/0/check", "/dlp/policies/0/action", "/dlp/policies/0/enabled",
                "/dlp/policies/0/profiles",
            ]
        ),
        (
            #"{"enabled":true,"policies":[{"id":"","action":"FLAG","check":["BOTH"],"enabled":true,"profiles":["iban"]}]}"#,
            ["/dlp/policies/0/id", "/dlp/policies/0/check/0"]
        ),
        (
            #"{"enabled":true,"policies":[{"id":"é","action":"FLAG","check":["REQUEST"],"enabled":true,"profiles":["iban"]}]}"#,
            ["/dlp/policies/0/id"]
        ),
        (#"{"enabled":true,"enabled":true,"action":"FLAG","profiles":["iban"]}"#, ["/dlp"]),
    ])
    func `what is wrong is told with its place`(form: String, places: [String]) {
        let found = problems { _ = try DLPPolicySet(json: json(form), known: builtInLibrary().ids) }
        #expect(found.map(\.pointer) == places)
    }

    @Test func `two policies cannot share an id`() {
        let policy = #"{"id":"a","action":"FLAG","check":["REQUEST"],"enabled":true,"profiles":["iban"]}"#
        let found = problems {
            _ = try DLPPolicySet(json: json(#"{"enabled":true,"policies":[\#(policy),\#(policy)]}"#))
        }
        #expect(found.map(\.pointer) == ["/dlp/policies/1/id"])
    }
}
