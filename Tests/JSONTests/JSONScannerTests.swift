import Testing

@testable import JSON

@Suite("JSON scanner")
struct JSONScannerTests {
    private static let request = Array(
        #"""
         { "model" : "gpt-4o-mini", "stream":true,"n":2, "temperature": 0.70, "stop":null,"x":false,
           "messages":[{"role":"user","content":"a \"quoted\" {text}, [more]"}] , "options" : { "a": [1, 2] } }
        """#.utf8)

    private let scanner = JSONScanner()

    @Test func `fields are found with their kinds and exact bytes`() throws {
        let index = try scanner.scan(Self.request)
        #expect(index.kind == .object)
        #expect(Self.request[index.range].first == UInt8(ascii: "{"))
        #expect(Self.request[index.range].last == UInt8(ascii: "}"))
        #expect(
            index.fields.map { text(Self.request[$0.keyRange]) }
                == ["model", "stream", "n", "temperature", "stop", "x", "messages", "options"])
        #expect(
            index.fields.map(\.kind) == [.string, .true, .number, .number, .null, .false, .array, .object])
        #expect(
            index.fields.map { text(Self.request[$0.range]) }
                == [
                    #""gpt-4o-mini""#, "true", "2", "0.70", "null", "false",
                    #"[{"role":"user","content":"a \"quoted\" {text}, [more]"}]"#, #"{ "a": [1, 2] }"#,
                ])
        #expect(index.elements.isEmpty)
    }

    @Test func `fields are read by name and type`() throws {
        let bytes = Self.request
        let index = try scanner.scan(bytes)
        #expect(index.first(named: "model", in: bytes)?.string(in: bytes) == "gpt-4o-mini")
        #expect(index.first(named: "stream", in: bytes)?.bool == true)
        #expect(index.first(named: "x", in: bytes)?.bool == false)
        #expect(index.first(named: "n" as String, in: bytes)?.int(in: bytes) == 2)
        #expect(index.first(named: "temperature", in: bytes)?.double(in: bytes) == 0.7)
        #expect(index.first(named: "stop", in: bytes)?.isNull == true)
        #expect(index.first(named: "mode", in: bytes) == nil)
        #expect(index.first(named: "model ", in: bytes) == nil)
        let model = try #require(index.first(named: "model", in: bytes))
        #expect(model.int(in: bytes) == nil && model.bool == nil && model.double(in: bytes) == nil)
        #expect(index.first(named: "n", in: bytes)?.string(in: bytes) == nil)
    }

    @Test func `a part of a text is scanned in the offsets of the whole`() throws {
        let bytes = Self.request
        let options = try #require(try scanner.scan(bytes).first(named: "options", in: bytes))
        let inner = try scanner.scan(bytes, in: options.range)
        #expect(inner.range == options.range)
        let list = try #require(inner.first(named: "a", in: bytes))
        let elements = try scanner.scan(bytes, in: list.range).elements
        #expect(elements.map { text($0.raw(in: bytes)) } == ["1", "2"])
        #expect(elements.map { $0.int(in: bytes) } == [1, 2])
        #expect(try scanner.value(bytes, in: options.range) == ["a": [1, 2]])
    }

    @Test(
        "Keys are matched however they are spelled",
        arguments: [#"mod\u0065l"#, #"\u006d\u006F\u0064\u0065\u006c"#, "model", #"m\u006fdel"#])
    func escapedKeys(key: String) throws {
        let bytes = Array("{\"\(key)\":1}".utf8)
        let index = try scanner.scan(bytes)
        #expect(index.first(named: "model", in: bytes)?.int(in: bytes) == 1)
        #expect(index.first(named: "model" as String, in: bytes)?.key(in: bytes) == "model")
        #expect(index.fields.first?.keyHasEscapes == key.contains("\\"))
        #expect(index.first(named: "mod", in: bytes) == nil)
        #expect(index.first(named: "models", in: bytes) == nil)
    }

    @Test func `repeated keys are counted`() throws {
        let bytes = Array(#"{"model":1,"mode\u006c":2,"other":{"model":3},"model":4}"#.utf8)
        let index = try scanner.scan(bytes)
        #expect(index.count(named: "model", in: bytes) == 3)
        #expect(index.count(named: "model" as String, in: bytes) == 3)
        #expect(index.count(named: "other", in: bytes) == 1)
        #expect(index.count(named: "absent", in: bytes) == 0)
        #expect(index.first(named: "model", in: bytes)?.int(in: bytes) == 1)
    }

    @Test(
        "Any value may be the root",
        arguments: [
            ("null", .null), (" true ", .true), ("\tfalse", .false), ("-1.5e3\n", .number), (#""s""#, .string),
            ("[]", .array), (" [ ] ", .array), ("{}", .object), ("{ }", .object), ("0", .number),
        ] as [(String, JSONKind)])
    func roots(json: String, kind: JSONKind) throws {
        let bytes = Array(json.utf8)
        let index = try scanner.scan(bytes)
        #expect(index.kind == kind)
        #expect(text(bytes[index.range]) == json.trimmed)
        #expect(index.fields.isEmpty && index.elements.isEmpty)
    }

    @Test func `strings are read with and without escapes`() throws {
        let bytes = Array(#"["", "plain", "a\nb", "\u00e9\ud83d\ude00\ud83d", "\\", "tail\\"]"#.utf8)
        let elements = try scanner.scan(bytes).elements
        #expect(elements.map { $0.string(in: bytes) } == ["", "plain", "a\nb", "é😀\u{FFFD}", "\\", "tail\\"])
        #expect(elements.map(\.hasEscapes) == [false, false, true, true, true, true])
    }

    @Test func `a scanner serves large and small texts in turn`() throws {
        let small = Array(#"{"a":1}"#.utf8)
        let large = JSONValue.array((0..<300_000).map { .int($0) }).serialized()
        #expect(large.count > 1 << 20)
        for _ in 0..<3 {
            #expect(try scanner.scan(large).elements.count == 300_000)
            #expect(try scanner.scan(small).fields.count == 1)
        }
    }

    @Test func `a deep text costs no stack and lists only its top`() throws {
        let bytes = Array((String(repeating: "[", count: 512) + String(repeating: "]", count: 512)).utf8)
        let index = try scanner.scan(bytes)
        #expect(index.elements.map(\.range) == [1..<1023])
    }
}

extension String {
    fileprivate var trimmed: String {
        let spaces: Set<Character> = [" ", "\n", "\t", "\r", "\r\n"]
        let front = drop { spaces.contains($0) }
        return String(front.reversed().drop { spaces.contains($0) }.reversed())
    }
}
