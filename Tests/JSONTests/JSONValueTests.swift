import Testing

@testable import JSON

func parse(_ text: String) throws(JSONError) -> JSONValue {
    try JSONValue(parsing: Array(text.utf8))
}

func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: Array(bytes), as: UTF8.self)
}

@Suite("JSON values")
struct JSONValueTests {
    @Test(
        "Compact text comes back as it was",
        arguments: [
            "null", "true", "false", "0", "-0", "1.0", "1e3", "-1.5E+10", "123456789012345678901234567890", "1e999",
            #""""#, #""text""#, #""a\"b\\c\n\t\r\b\f""#, #""\u0000\u001f""#, "\"é😀\u{7f}\u{2028}\"", "[]", "{}",
            "[1,2,3]", #"{"b":1,"a":2,"b":3}"#, #"{"":{"":[]}}"#, #"[[],[[]],{"a":[{"b":null}]}]"#,
        ])
    func roundTrip(json: String) throws {
        #expect(text(try parse(json).serialized()) == json)
    }

    @Test(
        "Other spellings are understood",
        arguments: [
            (" [ 1 , 2 ]\r\n\t", "[1,2]"), (#""A\/é""#, #""A/é""#), (#""\uD83D\uDE00""#, #""😀""#),
            (#""\ud83d""#, "\"\u{FFFD}\""), (#""\ude00x""#, "\"\u{FFFD}x\""), (#""\ud83dA""#, "\"\u{FFFD}A\""),
            (#""\ud83d\ud83d\ude00""#, "\"\u{FFFD}😀\""), (#""\ud83d\n""#, "\"\u{FFFD}\\n\""),
            ("{\n \"a\" : {\t} }", #"{"a":{}}"#), (#""\u00e9\u20AC""#, #""é€""#),
        ])
    func spellings(json: String, compact: String) throws {
        #expect(text(try parse(json).serialized()) == compact)
    }

    @Test func `a tree can be written as a literal and read by key and position`() throws {
        let value: JSONValue = [
            "model": "m", "n": 3, "t": 0.5, "stream": true, "stop": nil, "messages": [["role": "user"]],
        ]
        #expect(value == (try parse(text(value.serialized()))))
        #expect(value["model"]?.stringValue == "m")
        #expect(value["n"]?.intValue == 3)
        #expect(value["t"]?.doubleValue == 0.5)
        #expect(value["stream"]?.boolValue == true)
        #expect(value["stop"]?.isNull == true)
        #expect(value["messages"]?[0]?["role"] == "user")
        #expect(value["messages"]?[1] == nil)
        #expect(value["messages"]?[-1] == nil)
        #expect(value["absent"] == nil)
        #expect(value["messages"]?.arrayValue?.count == 1)
        #expect(value.objectValue?.keys == ["model", "n", "t", "stream", "stop", "messages"])
        #expect(value["n"]?.stringValue == nil && value["model"]?.intValue == nil)
    }

    @Test func `a megabyte of string survives`() throws {
        let long = String(repeating: "0123456789 é\n", count: 80_000)
        let value = JSONValue.string(long)
        #expect(try JSONValue(parsing: value.serialized()) == value)
    }
}

@Suite("JSON numbers")
struct JSONNumberTests {
    @Test(
        "Whole numbers are read exactly or not at all",
        arguments: [
            ("0", 0), ("-0", 0), ("42", 42), ("-7", -7), ("1.0", 1), ("1e3", 1000), ("1.5", nil), ("1e-1", nil),
            ("9223372036854775807", .max), ("-9223372036854775808", .min), ("9223372036854775808", nil),
            ("9007199254740993", 9_007_199_254_740_993), ("9007199254740993.0", nil), ("1e300", nil), ("1e999", nil),
            ("123456789012345678901234567890", nil), ("0.0", 0), ("-0.0", 0), ("1E2", 100),
        ] as [(String, Int64?)])
    func whole(spelling: String, expected: Int64?) throws {
        #expect(try #require(JSONNumber(spelling: spelling)).int64 == expected)
    }

    @Test func `the whole range of UInt64 is read`() {
        #expect(JSONNumber(spelling: "18446744073709551615")?.uint64 == .max)
        #expect(JSONNumber(spelling: "18446744073709551616")?.uint64 == nil)
        #expect(JSONNumber(spelling: "-1")?.uint64 == nil)
        #expect(JSONNumber(spelling: "-0")?.uint64 == 0)
    }

    @Test(
        "Doubles are written shortest and read back",
        arguments: [0, 1, -1, 0.1, 1e300, .leastNonzeroMagnitude, 123456.789, 1e16, 9_007_199_254_740_992, -0.5])
    func doubles(value: Double) throws {
        let number = try #require(JSONNumber(value))
        #expect(number.double == value)
        #expect(JSONNumber(spelling: number.spelling) == number)
    }

    @Test func `what JSON cannot say is not a number`() {
        #expect(JSONNumber(Double.infinity) == nil)
        #expect(JSONNumber(Double.nan) == nil)
        #expect(JSONValue.double(.nan) == .null)
        #expect(JSONNumber(spelling: "1e999")?.double == nil)
    }

    @Test(
        "Spellings JSON does not know are refused",
        arguments: ["", "-", "01", "1.", ".5", "+1", "1e", "1e+", "0x1", "NaN", "1 ", " 1", "1_0", "--1", "1.e1", "٣"])
    func refused(spelling: String) {
        #expect(JSONNumber(spelling: spelling) == nil)
    }
}

@Suite("JSON objects")
struct JSONObjectTests {
    @Test func `setting replaces in place, appends, and removes`() {
        var object: JSONObject = ["a": 1, "b": 2, "c": 3]
        object["b"] = 20
        object["d"] = 4
        object["a"] = nil
        #expect(text(object.serialized()) == #"{"b":20,"c":3,"d":4}"#)
    }

    @Test func `the last of repeated keys is read, and setting leaves one`() {
        var object: JSONObject = ["a": 1, "b": 2, "a": 3]
        #expect(object["a"] == 3)
        #expect(object.hasRepeatedKeys)
        object["a"] = 4
        #expect(text(object.serialized()) == #"{"a":4,"b":2}"#)
        #expect(!object.hasRepeatedKeys)
    }

    @Test func `keys that only look alike are different`() {
        var object: JSONObject = ["e\u{301}": 1]
        #expect(object["\u{e9}"] == nil)
        object["\u{e9}"] = 2
        #expect(object.count == 2)
        #expect(!object.hasRepeatedKeys)
    }

    @Test func `members are iterated in order`() {
        let object: JSONObject = ["z": 1, "a": 2]
        #expect(object.map(\.key) == ["z", "a"])
    }
}
