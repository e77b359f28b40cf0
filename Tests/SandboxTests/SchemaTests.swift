import JSON
import Testing

@testable import Sandbox

@Suite("Sandbox answers by schema")
struct SchemaTests {
    static let schemas = [
        ##"{"type":"object","properties":{"a":{"type":"string"},"n":{"type":"integer"}},"required":["a","n"],"additionalProperties":false}"##,
        ##"{"type":"object","properties":{"mood":{"enum":["good","bad",3,null]},"kind":{"const":{"x":[1]}}},"required":["mood","kind"]}"##,
        ##"{"type":"array","items":{"type":"integer","minimum":5,"maximum":7},"minItems":2,"maxItems":3,"uniqueItems":true}"##,
        ##"{"type":"array","items":{"type":"string"},"minItems":12,"uniqueItems":true}"##,
        ##"{"type":"array","prefixItems":[{"type":"string"},{"type":"number"}],"items":false,"minItems":2}"##,
        ##"{"type":"array","maxItems":0,"items":{"type":"string"}}"##,
        ##"{"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{"value":{"type":"number"},"children":{"type":"array","items":{"$ref":"#/$defs/node"}}},"required":["value","children"],"additionalProperties":false}}}"##,
        ##"{"type":"object","properties":{"value":{"type":"integer"},"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["value","next"],"additionalProperties":false}"##,
        ##"{"type":"object","properties":{"left":{"$ref":"#/definitions/t~1x"},"right":{"$ref":"#/definitions/t~1x"}},"required":["left","right"],"definitions":{"t/x":{"anyOf":[{"type":"object","properties":{"l":{"$ref":"#/definitions/t~1x"},"r":{"$ref":"#/definitions/t~1x"}},"required":["l","r"]},{"type":"integer"}]}}}"##,
        ##"{"anyOf":[{"type":"object","properties":{"cat":{"type":"boolean"}},"required":["cat"]},{"type":"object","properties":{"dog":{"type":"string"}},"required":["dog"]}]}"##,
        ##"{"oneOf":[{"type":"number","multipleOf":3},{"type":"number","multipleOf":5}],"minimum":1,"maximum":50}"##,
        ##"{"oneOf":[{"properties":{"t":{"const":"a"},"x":{"type":"string"}},"required":["t","x"]},{"properties":{"t":{"const":"b"},"y":{"type":"integer"}},"required":["t","y"]}],"type":"object"}"##,
        ##"{"allOf":[{"type":"object","properties":{"a":{"type":"integer","minimum":3}},"required":["a"]},{"properties":{"a":{"maximum":4},"b":{"type":"string"}},"required":["b"]}]}"##,
        ##"{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}"##,
        ##"{"type":"number","minimum":0.5,"maximum":0.5}"##,
        ##"{"type":"number","multipleOf":0.01,"minimum":2,"maximum":3}"##,
        ##"{"type":"integer","multipleOf":7,"minimum":1000}"##,
        ##"{"type":"integer","exclusiveMinimum":3,"exclusiveMaximum":5}"##,
        ##"{"type":"integer","maximum":-1e6}"##, ##"{"type":"integer","multipleOf":2.5,"minimum":1,"maximum":9}"##,
        ##"{"type":"integer","minimum":-3,"maximum":-3}"##, ##"{"type":"number","minimum":1e12}"##,
        ##"{"type":"string","minLength":100,"maxLength":110}"##, ##"{"type":"string","maxLength":3}"##,
        ##"{"type":"string","maxLength":0}"##, ##"{"type":"string","pattern":"^[A-Z]{2}-\\d{4}(-(alpha|beta))?$"}"##,
        ##"{"type":"string","pattern":"^\\+?[1-9]\\d{1,14}$"}"##,
        ##"{"type":"string","pattern":"^[^aeiou\\s]+$","minLength":20}"##,
        ##"{"type":"string","pattern":"^(?:a|b|cd)*e+?\\.[\\w-]{3,}$","maxLength":30}"##,
        ##"{"type":"string","format":"date"}"##, ##"{"type":"string","format":"date-time"}"##,
        ##"{"type":"string","format":"uuid"}"##,
        ##"{"type":"string","format":"email"}"##, ##"{"type":"string","format":"uri"}"##,
        ##"{"type":"string","format":"ipv4"}"##,
        ##"{"type":"string","format":"ipv6"}"##, ##"{"type":"string","format":"time"}"##,
        ##"{"type":"string","format":"hostname"}"##,
        ##"{"type":["string","null"]}"##, ##"{"type":["null","integer"],"minimum":4}"##, ##"{"type":"null"}"##,
        ##"{"type":"boolean"}"##,
        ##"{"type":"object","additionalProperties":{"type":"integer"},"minProperties":3,"maxProperties":4}"##,
        ##"{"type":"object","additionalProperties":{"type":"array","items":{"type":"string"}}}"##,
        ##"{"type":"object","required":["x","y"]}"##, ##"{"not":{"type":"string"},"type":["string","integer"]}"##,
        ##"{"type":"object","properties":{"k":{"enum":["a","b"]}},"required":["k"],"if":{"properties":{"k":{"const":"a"}}},"then":{"required":["v"],"properties":{"v":{"type":"integer"}}},"else":{"properties":{"w":{"type":"string"}},"required":["w"]}}"##,
        ##"{"type":"object","properties":{"steps":{"type":"array","items":{"type":"object","properties":{"explanation":{"type":"string"},"output":{"type":"string"}},"required":["explanation","output"],"additionalProperties":false}},"final_answer":{"type":"string"}},"required":["steps","final_answer"],"additionalProperties":false}"##,
        ##"{"type":"object","properties":{"name":{"type":"string"},"date":{"type":"string"},"participants":{"type":"array","items":{"type":"string"}}},"required":["name","date","participants"],"additionalProperties":false}"##,
        ##"{"properties":{"a":{"items":{"minLength":2}},"b":{"properties":{}}},"required":["a","b"]}"##, ##"{}"##,
    ]

    @Test(arguments: schemas, ["Alice and Bob meet on Friday in Rome with 3 friends, say \"hi\".", "", "cat 7 good"])
    func `an answer satisfies its schema`(schema: String, words: String) throws {
        let schema = try json(schema)
        for seed in 0..<12 {
            let request = body("gpt-5.4-mini", words.isEmpty ? "?" : words)
                .with(
                    "response_format",
                    ["type": "json_schema", "json_schema": ["name": "x", "schema": .object(schema.objectValue!)]]
                )
                .with("seed", .int(seed))
            let value = try json(try content(request))
            #expect(SchemaValidator(root: schema).problems(value, schema) == [], "\(value)")
        }
    }

    @Test func `values come from the words where they fit`() throws {
        let schema = try json(
            ##"{"type":"object","properties":{"name":{"type":"string"},"participants":{"type":"array","items":{"type":"string"}},"city":{"type":"string"},"email":{"type":"string","format":"email"},"guests":{"type":"integer"},"mood":{"enum":["happy","sad"]}},"required":["name","participants","city","email","guests","mood"],"additionalProperties":false}"##
        )
        let request = body(
            "gpt-4.1-mini", "Dinner with Alice, and Bob in Lyon for 14 happy guests; mail ada@example.org."
        )
        .with("response_format", ["type": "json_schema", "json_schema": ["name": "x", "schema": schema]])
        let value = try json(try content(request))
        #expect(value["participants"] == ["Alice", "Bob"])
        #expect(value["city"] == "Lyon" && value["email"] == "ada@example.org")
        #expect(value["guests"] == 14 && value["mood"] == "happy")
    }

    @Test func `a person's facts are taken apart`() throws {
        let schema = try json(
            ##"{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"},"price":{"type":"number"},"city":{"type":"string"}},"required":["name","age","price","city"]}"##
        )
        let request = body("gpt-4.1-mini", "Extract: John Smith, 34 years old, paid 12.50 in Berlin")
            .with("response_format", ["type": "json_schema", "json_schema": ["name": "x", "schema": schema]])
        #expect(try content(request) == ##"{"name":"John Smith","age":34,"price":12.5,"city":"Berlin"}"##)
        let event = body("gpt-4.1-mini", "Create a calendar event 'Daily Standup' with Alice and Bob on 2026-05-04")
            .with(
                "response_format",
                ["type": "json_schema", "json_schema": ["name": "x", "schema": try json(Self.schemas[48])]])
        #expect(
            try content(event) == ##"{"name":"Daily Standup","date":"2026-05-04","participants":["Alice","Bob"]}"##)
    }

    @Test(arguments: [
        ##"{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}"##, ##"{"$ref":"#"}"##,
        ##"{"allOf":[{"$ref":"#"}]}"##,
        ##"{"type":"string","minLength":100000000}"##,
        ##"{"type":"array","minItems":1e300,"items":{"type":"string"}}"##,
        ##"{"enum":[]}"##, ##"{"type":"integer","minimum":1e300}"##, ##"{"type":"integer","minimum":5,"maximum":4}"##,
        ##"{"type":"string","pattern":"((((a*)*)*)*)*b{1000}{1000}"}"##,
        ##"{"type":"string","pattern":"(?=x)\\p{L}+"}"##,
        ##"{"type":"string","pattern":"[z-a"}"##, ##"{"$ref":"http://example.com/x"}"##, ##"{"type":"nothing"}"##,
        ##"{"multipleOf":0,"type":"number"}"##, ##"{"type":"number","multipleOf":1e-300}"##,
        ##"{"minLength":-1,"maxLength":-5,"type":"string"}"##,
        ##"{"type":"array","maxItems":-1}"##, ##"{"type":"object","minProperties":-4,"maxProperties":-2}"##,
    ])
    func `a schema nobody can satisfy still ends, with some JSON`(schema: String) throws {
        let request = body().with(
            "response_format", ["type": "json_schema", "json_schema": ["name": "x", "schema": try json(schema)]])
        _ = try json(try content(request))
    }

    @Test func `a schema that doubles at every step ends`() throws {
        var definitions: JSONObject = ["d0": ["type": "integer"]]
        for level in 1..<30 {
            let below: JSONValue = ["$ref": .string("#/$defs/d\(level - 1)")]
            definitions["d\(level)"] = [level % 2 == 0 ? "allOf" : "anyOf": [below, below]]
        }
        let schema: JSONValue = ["$ref": "#/$defs/d29", "$defs": .object(definitions)]
        let request = body().with(
            "response_format", ["type": "json_schema", "json_schema": ["name": "x", "schema": schema]])
        _ = try json(try content(request))
    }

    @Test func `a JSON object needs no schema`() throws {
        let value = try json(try content(body().with("response_format", ["type": "json_object"])))
        #expect(value["question"] == "Tell me about tides.")
    }

    @Test func `JSON is cut where the limit is`() throws {
        let request = body().with("response_format", ["type": "json_object"])
        let whole = try content(request)
        let cut = try answer(request.with("max_tokens", 5))
        #expect(cut["choices"]?[0]?["finish_reason"] == "length")
        #expect(
            cut["choices"]?[0]?["message"]?["content"]?.stringValue.map { whole.hasPrefix($0) && $0.utf8.count == 20 }
                == true)
    }
}
