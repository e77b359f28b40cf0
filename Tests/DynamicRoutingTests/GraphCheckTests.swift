import JSON
import Testing

@testable import DynamicRouting

@Suite("Checks of route graphs")
struct GraphCheckTests {
    static let start = #"{"id":"s","type":"start","outputs":{"next":{"elementId":"e"}}}"#
    static let end = #"{"id":"e","type":"end","outputs":{}}"#

    /// A route of start, end and one element between them.
    static func between(_ element: String) -> String {
        #"[{"id":"s","type":"start","outputs":{"next":{"elementId":"x"}}},\#(element),\#(end)]"#
    }

    static func model(_ properties: String) -> String {
        between(
            #"{"id":"x","type":"model","properties":{\#(properties)},"outputs":{"success":{"elementId":"e"}}}"#)
    }

    static func rate(_ properties: String) -> String {
        between(#"{"id":"x","type":"rate","properties":{\#(properties)},"outputs":{"success":{"elementId":"e"}}}"#)
    }

    static func split(_ shares: [String]) -> String {
        let outputs = shares.map { "\"\($0)\":{\"elementId\":\"e\"}" }.joined(separator: ",")
        return between(#"{"id":"x","type":"percentage","outputs":{\#(outputs)}}"#)
    }

    static func conditional(_ properties: String) -> String {
        between(
            #"{"id":"x","type":"conditional","properties":\#(properties),"#
                + #""outputs":{"true":{"elementId":"e"},"false":{"elementId":"e"}}}"#)
    }

    static let openAI = #""provider":"openai","model":"gpt-5.4-mini""#
    static let counted = #""limitType":"count","key":"metadata.user","limit":10,"window":60"#

    @Test(arguments: [
        simple, "[\(start),\(end)]",
        model(openAI), model(openAI + #","timeout":1,"retries":0"#), model(openAI + #","timeout":600000,"retries":5"#),
        model(openAI + #","timeout":6e4,"retries":2.0"#), model(openAI + #","timeout":null"#),
        rate(counted), rate(#""limitType":"cost","key":"model","limit":0.000000001,"window":2678400"#),
        rate(#""limitType":"cost","key":"headers.x-team","limit":12.5,"window":1"#),
        rate(#""limitType":"count","key":"body.user","limit":1e3,"window":3600"#),
        split(["100%"]), split(["10%", "90%"]), split(["33.3333%", "33.3333% b", "33.3334%"]),
        split(["20%", "20% b", "20% c", "20% d", "20% e"]), split(["0.0001%", "99.9999%"]),
        conditional(#"{"conditions":{"metadata.plan":"free"}}"#),
        conditional(#"{"conditions":{"$and":[{"model":{"$ne":"a"}},{"$or":[{"body.n":{"$gt":1}}]}]}}"#),
        conditional(#"{"conditions":{"$not":{"metadata.a":{"$regex":"^x","$exists":true}}}}"#),
        "[\(start),\(end.replacing("{}", with: "{}, \"properties\":{}"))]",
    ])
    func `is a route`(text: String) throws {
        #expect(try problems(text) == [])
    }

    @Test(arguments: [
        ("7", ["/elements: must be a list of 1 to 100 elements"]),
        ("[]", ["/elements: must be a list of 1 to 100 elements"]),
        ("[\(end)]", ["/elements: must hold an element of type start"]),
        (
            "[\(start),4]",
            [
                "/elements/1: must be an object",
                "/elements/0/outputs/next/elementId: names no element: there is no \"e\"",
            ]
        ),
        (
            #"[{"id":"s","type":"start","outputs":{"next":{"elementId":"s"}}}]"#,
            [
                "/elements: must hold a model or an end behind the start",
                "/elements/0: lies on a circle: a request would come back to it",
            ]
        ),
        ("[\(start),\(end),\(end)]", ["/elements/2/id: is also the id of element 1"]),
        (
            "[\(start),\(start.replacing("\"s\"", with: "\"t\"")),\(end)]",
            ["/elements/1/type: is the second start; there must be exactly one"]
        ),
        (
            "[\(start),\(end),{\"id\":\"f\",\"type\":\"end\",\"outputs\":{}}]",
            ["/elements/2: is never reached from the start"]
        ),
        (
            "[\(start)]",
            [
                "/elements: must hold a model or an end behind the start",
                "/elements/0/outputs/next/elementId: names no element: there is no \"e\"",
            ]
        ),
        ("[\(start),{\"id\":\"e\",\"type\":\"end\"}]", ["/elements/1/outputs: is required, and must be {}"]),
        (
            "[\(start),{\"id\":\"e\",\"type\":\"end\",\"outputs\":{\"next\":{\"elementId\":\"s\"}}}]",
            ["/elements/1/outputs: must be {}: nothing comes after an end"]
        ),
        ("[\(start),{\"id\":\"e\",\"type\":\"rate_limit\",\"outputs\":{}}]", ["/elements/1/type: is called rate"]),
        (
            "[\(start),{\"id\":\"e\",\"type\":\"loop\",\"outputs\":{}}]",
            ["/elements/1/type: must be one of start, conditional, percentage, rate, model, end"]
        ),
        (
            "[\(start),{\"id\":\"e\",\"type\":\"end\",\"outputs\":{},\"colour\":1}]",
            ["/elements/1/colour: is not known here; known are id, type, outputs, properties"]
        ),
        (
            "[\(start),{\"id\":\"e\",\"type\":\"end\",\"outputs\":{},\"properties\":{\"a/b~\":1}}]",
            ["/elements/1/properties/a~1b~0: is not known here"]
        ),
        (
            "[\(start),{\"id\":\"\(String(repeating: "e", count: 65))\",\"type\":\"end\",\"outputs\":{}}]",
            [
                "/elements/1/id: must be a text of 1 to 64 bytes",
                "/elements/0/outputs/next/elementId: names no element: there is no \"e\"",
            ]
        ),
        (
            #"[{"id":"s","type":"start","outputs":{"next":{"element_id":"e"}}},{"id":"e","type":"end","outputs":{}}]"#,
            [
                "/elements/0/outputs/next/element_id: is called elementId",
                "/elements/0/outputs/next/elementId: is required",
            ]
        ),
        (
            #"[{"id":"s","type":"start","outputs":{}},{"id":"e","type":"end","outputs":{}}]"#,
            ["/elements/0/outputs/next: is required"]
        ),
        (
            #"[{"id":"s","id":"s","type":"start","outputs":{"next":{"elementId":"e"}}},{"id":"e","type":"end","outputs":{}}]"#,
            ["/elements/0: holds a key twice"]
        ),
    ])
    func `is refused as a whole`(text: String, expected: [String]) throws {
        #expect(try problems(text) == expected)
    }

    static let retries =
        "must be a whole number from 0 to 5: attempts after the first one, so 2 means three attempts at most"
    static let cost = "must be dollars above 0, with at most 9 digits after the point"

    @Test(arguments: [
        (model(#""model":"m""#), ["/properties/provider: is required"]),
        (model(#""provider":"p","model":"""#), ["/properties/model: must be a text of 1 to 256 bytes"]),
        (
            model(openAI + #","timeout":0"#),
            ["/properties/timeout: must be a whole number from 1 to 600000: milliseconds"]
        ),
        (
            model(openAI + #","timeout":600001,"retries":6"#),
            [
                "/properties/timeout: must be a whole number from 1 to 600000: milliseconds",
                "/properties/retries: \(retries)",
            ]
        ),
        (model(openAI + #","retries":-1"#), ["/properties/retries: \(retries)"]),
        (model(openAI + #","retries":1.5"#), ["/properties/retries: \(retries)"]),
        (
            model(openAI + #","maxAttempts":2"#),
            ["/properties/maxAttempts: is not known here; known are provider, model, timeout, retries"]
        ),
        (rate(counted + #","interval":60"#), ["/properties/interval: is called window"]),
        (
            rate(counted + #","technique":"fixed""#),
            ["/properties/technique: is not supported: the windows of routes always slide"]
        ),
        (
            rate(#""limitType":"count","key":"metadata.user","limit":0,"window":0"#),
            [
                "/properties/limit: must be a whole number from 1 to 1000000000: requests",
                "/properties/window: must be a whole number from 1 to 2678400: seconds",
            ]
        ),
        (
            rate(#""limitType":"cost","key":"user","limit":0,"window":2678401"#),
            [
                "/properties/key: must be model, metadata.<key>, headers.<name> or body.<path>",
                "/properties/limit: \(cost)",
                "/properties/window: must be a whole number from 1 to 2678400: seconds",
            ]
        ),
        (
            rate(#""limitType":"cost","key":"model","limit":0.0000000001,"window":1"#),
            ["/properties/limit: \(cost)"]
        ),
        (rate(#""limitType":"cost","key":"model","limit":"1","window":1"#), ["/properties/limit: \(cost)"]),
        (rate(#""limitType":"cost","key":"model","limit":1e99,"window":1"#), ["/properties/limit: \(cost)"]),
        (
            rate(#""limitType":"calls","key":"model","limit":1,"window":1"#),
            ["/properties/limitType: must be one of count, cost"]
        ),
        (
            rate(""),
            ["limitType", "key", "limit", "window"].map { "/properties/\($0): is required" }
        ),
        (
            split(["10%", "else"]),
            ["/outputs/else: is not supported; name the rest as a share, such as \"40%\""]
        ),
        (split(["10%", "80%"]), ["/outputs: must total 100%"]),
        (split(["60%", "60% b"]), ["/outputs: must total 100%"]),
        (split(["50%", "50%"]), ["/outputs: holds a key twice"]),
        (split([]), ["/outputs: must be 1 to 5 shares"]),
        (split((1...6).map { "\($0)%" }), ["/outputs: must be 1 to 5 shares"]),
        (split(["0%", "100%"]), ["/outputs/0%: is no share; a share is named such as \"12.5%\" or \"50% canary\""]),
        (split(["-1%"]), ["/outputs/-1%: is no share; a share is named such as \"12.5%\" or \"50% canary\""]),
        (split(["all"]), ["/outputs/all: is no share; a share is named such as \"12.5%\" or \"50% canary\""]),
        (
            split(["1.00001%"]),
            ["/outputs/1.00001%: is no share; a share is named such as \"12.5%\" or \"50% canary\""]
        ),
        (
            conditional(#"{"condition":{"model":"a"}}"#),
            ["/properties/condition: is called conditions", "/properties/conditions: is required"]
        ),
        (conditional("{}"), ["/properties/conditions: is required"]),
        (conditional("4"), ["/properties: must be an object", "/properties/conditions: is required"]),
        (conditional(#"{"conditions":{}}"#), ["/properties/conditions: must be an object that holds conditions"]),
        (
            between(
                #"{"id":"x","type":"conditional","properties":{"conditions":{"model":"a"}},"outputs":{"true":{"elementId":"e"}}}"#
            ),
            ["/outputs/false: is required"]
        ),
        (
            between(
                #"{"id":"x","type":"model","properties":{"provider":"p","model":"m"},"outputs":{"success":{"elementId":"e"},"else":{"elementId":"e"}}}"#
            ),
            ["/outputs/else: is called fallback"]
        ),
        (
            between(#"{"id":"x","type":"model","properties":{"provider":"p","model":"m"}}"#),
            ["/outputs: is required"]
        ),
    ])
    func `an element is refused`(text: String, expected: [String]) throws {
        #expect(try problems(text) == expected.map { "/elements/1\($0)" })
    }

    @Test func `all problems are told at once, each at its place`() throws {
        let text = """
            [{"id":"s","type":"start","outputs":{"next":{"elementId":"a"}}},
             {"id":"a","type":"percentage","outputs":{"10%":{"elementId":"b"},"20%":{"elementId":"nowhere"}}},
             {"id":"b","type":"conditional","properties":{"condition":1},
              "outputs":{"true":{"elementId":"c"},"false":{"elementId":"c"}}},
             {"id":"c","type":"rate","properties":{"limitType":"count","key":"x","limit":-1,"interval":5},
              "outputs":{"success":{"elementId":"b"}}},
             {"id":"c","type":"end"}]
            """
        #expect(
            try problems(text) == [
                "/elements/1/outputs: must total 100%",
                "/elements/2/properties/condition: is called conditions",
                "/elements/2/properties/conditions: is required",
                "/elements/3/properties/interval: is called window",
                "/elements/3/properties/window: is required",
                "/elements/3/properties/key: must be model, metadata.<key>, headers.<name> or body.<path>",
                "/elements/3/properties/limit: must be a whole number from 1 to 1000000000: requests",
                "/elements/4/outputs: is required, and must be {}",
                "/elements/4/id: is also the id of element 3",
                "/elements/1/outputs/20%/elementId: names no element: there is no \"nowhere\"",
                "/elements/2: lies on a circle: a request would come back to it",
                "/elements/3: lies on a circle: a request would come back to it",
            ])
    }

    @Test func `a hundred elements are a route, and one more is not`() throws {
        func chain(_ count: Int) -> String {
            let models = (1...(count - 2)).map { position in
                let next = position == count - 2 ? "e" : "m\(position + 1)"
                return #"{"id":"m\#(position)","type":"model","properties":{"provider":"p","model":"m"},"#
                    + #""outputs":{"success":{"elementId":"e"},"fallback":{"elementId":"\#(next)"}}}"#
            }
            return "[{\"id\":\"s\",\"type\":\"start\",\"outputs\":{\"next\":{\"elementId\":\"m1\"}}},"
                + models.joined(separator: ",") + ",\(Self.end)]"
        }
        #expect(try problems(chain(100)) == [])
        #expect(try problems(chain(101)) == ["/elements: must be a list of 1 to 100 elements"])
    }
}
