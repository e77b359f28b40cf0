import Testing

@testable import JSON

@Suite("Hostile JSON")
struct JSONErrorTests {
    private let scanner = JSONScanner()

    private func error(_ bytes: [UInt8], maximumDepth: Int = 512) -> JSONError? {
        do {
            _ = try scanner.scan(bytes, maximumDepth: maximumDepth)
            _ = try JSONValue(parsing: bytes, maximumDepth: maximumDepth)
            return nil
        } catch {
            return error
        }
    }

    @Test("Nothing is not a value", arguments: ["", " ", "\n\t\r ", String(repeating: " ", count: 1000)])
    func empty(json: String) {
        #expect(error(Array(json.utf8)) == .empty)
    }

    @Test(
        "Broken grammar is told with its place",
        arguments: [
            ("{", 1), ("[", 1), ("}", 0), ("]", 0), (",", 0), (":", 0), ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3),
            (#"{"a"}"#, 4), (#"{"a":}"#, 5), (#"{"a":1,}"#, 7), (#"{"a" 1}"#, 5), ("{1:2}", 1), ("{a:1}", 1),
            (#"{"a":1 "b":2}"#, 7), ("[1}", 2), (#"{"a":1]"#, 6), (#"{"a":[}"#, 6), ("tru", 0), ("truex", 0),
            ("True", 0), ("nul", 0), ("nulll", 0), ("fals", 0), ("NaN", 0), ("Infinity", 0), ("-", 0), ("01", 0),
            ("+1", 0), ("1.", 0), (".5", 0), ("1e", 0), ("1e+", 0), ("0x10", 0), ("-01", 0), ("1.2.3", 0), ("--1", 0),
            ("[1,-]", 3), ("'a'", 0), (#"[1"a"]"#, 1), (#"[true"a"]"#, 1), (#"["a""b"]"#, 4), (#"["a"b]"#, 4),
            (#"["a" true]"#, 5), ("[1/**/]", 1), ("/**/1", 0), ("[\u{c}1]", 1), ("[1\u{c}]", 2), ("[1\u{b}]", 1),
            ("[\0]", 1), ("\0", 0), ("\u{1a}", 0), ("[1\u{1a}]", 2), ("{\"a\"\u{1a}1}", 4), ("[1\u{a0}]", 1), ("\\", 0),
            (#"\"a\""#, 0), ("[1\u{2028}]", 1), ("\u{feff}1", 0), (#""\x""#, 1), (#""\u12""#, 1), (#""\u12g4""#, 1),
            (#""ok\u00""#, 3), (#"{"\u":1}"#, 2), (#""\ ""#, 1), (#""\'""#, 1), ("\"\\\0\"", 2), (#"["\n","\q"]"#, 7),
            ("\"a\nb\"", 2), ("\"\t\"", 1), ("\"a\0b\"", 2), ("[\"a\u{1f}\"]", 3), (#""abc"#, 0), (#"["a","b]"#, 5),
            (#""\"#, 0), (#""a\""#, 0), (#"{"a":"b"#, 5), (#"{"a"#, 1),
        ])
    func grammar(json: String, offset: Int) {
        #expect(error(Array(json.utf8)) == .invalid(offset: offset))
    }

    @Test(
        "What comes after a whole value is told",
        arguments: [
            ("1 2", 2), ("{} x", 3), ("[][]", 2), ("null,", 4), (#"{"a":1}}"#, 7), ("[1]]", 3), (#""a""b""#, 3),
            ("{}\0", 2), ("{}\n{}", 3), ("true false", 5),
        ])
    func trailing(json: String, offset: Int) {
        #expect(error(Array(json.utf8)) == .trailingContent(offset: offset))
    }

    @Test(
        "Bytes that are not UTF-8 are refused",
        arguments: [
            [0x80], [0xbf], [0xc3], [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x80, 0x80], [0xe2, 0x82], [0xed, 0xa0, 0x80],
            [0xed, 0xbf, 0xbf], [0xf0, 0x80, 0x80, 0x80], [0xf0, 0x9f, 0x98], [0xf4, 0x90, 0x80, 0x80],
            [0xf5, 0x80, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xfe], [0xff], [0xc3, 0x28], [0xe2, 0x28, 0xa1],
        ] as [[UInt8]])
    func notUTF8(bad: [UInt8]) {
        // At every place in a block of the vector code.
        for before in 0..<130 {
            let padding = [UInt8](repeating: UInt8(ascii: "x"), count: before)
            #expect(error([UInt8(ascii: "\"")] + padding + bad + [UInt8(ascii: "\"")]) == .notUTF8)
        }
        #expect(error(Array("[1,".utf8) + bad + Array("]".utf8)) == .notUTF8)
    }

    @Test func `depth is limited exactly, for arrays, objects and both`() {
        for limit in [0, 1, 2, 64, 512, 1024] {
            let arrays = { Array((String(repeating: "[", count: $0) + String(repeating: "]", count: $0)).utf8) }
            let objects = {
                Array((String(repeating: #"{"a":"#, count: $0) + "1" + String(repeating: "}", count: $0)).utf8)
            }
            #expect(error(objects(limit), maximumDepth: limit) == nil)
            #expect(error(objects(limit + 1), maximumDepth: limit) == .tooDeep(limit: limit))
            if limit > 0 { #expect(error(arrays(limit), maximumDepth: limit) == nil) }
            #expect(error(arrays(limit + 1), maximumDepth: limit) == .tooDeep(limit: limit))
        }
    }

    @Test func `ten thousand levels are refused, whatever the caller asks`() {
        let open = [UInt8](repeating: UInt8(ascii: "["), count: 10_000)
        #expect(error(open) == .tooDeep(limit: 512))
        #expect(error(open, maximumDepth: .max) == .tooDeep(limit: 1024))
        #expect(error([0x5b, 0x5d], maximumDepth: -1) == .tooDeep(limit: 0))
        #expect(error([0x31], maximumDepth: -1) == nil)
        #expect(error(Array(String(repeating: #"{"a":["#, count: 5_000).utf8)) == .tooDeep(limit: 512))
    }

    @Test func `a text cut off anywhere is refused`() throws {
        let sample = Array(
            #"{"m\u0065":"a\"b\\","é":[1,-2.5e+3,true,false,null,{"😀":{}}],"z":{"k":[[],"x"]}}"#.utf8)
        #expect(error(sample) == nil)
        for end in 0..<sample.count {
            #expect(error(Array(sample[..<end])) != nil, "cut at \(end)")
        }
    }

    @Test func `a text larger than allowed is refused, and one as large is not`() throws {
        let scanner = JSONScanner(maximumBytes: 10)
        #expect(try scanner.scan(Array("[1,2,3,45]".utf8)).elements.count == 4)
        #expect(throws: JSONError.tooLarge(limit: 10)) { try scanner.scan(Array("[1,2,3,456]".utf8)) }
        #expect(throws: JSONError.tooLarge(limit: 0)) { try JSONScanner(maximumBytes: -1).scan([0x31]) }
    }

    @Test func `a fault in a part of a text is told in offsets of the whole`() {
        #expect(throws: JSONError.invalid(offset: 5)) { try scanner.scan(Array("xx[1,]xx".utf8), in: 2..<6) }
        #expect(throws: JSONError.invalid(offset: 4)) { try scanner.scan(Array("xx[1,]xx".utf8), in: 2..<4) }
        #expect(throws: JSONError.empty) { try scanner.scan(Array("xx".utf8), in: 1..<1) }
    }

    @Test func `a scanner goes on working after every fault`() throws {
        for bad in ["", "{", #""\x""#, "\"", "[[[[", "1 2"] {
            #expect(throws: JSONError.self) { try scanner.scan(Array(bad.utf8), maximumDepth: 3) }
            #expect(try scanner.scan(Array(#"{"a":1}"#.utf8)).fields.count == 1)
        }
    }

    @Test func `messages tell the place and nothing of the text`() {
        #expect(
            JSONError.invalid(offset: 7).description == "The body is not valid JSON: unexpected content at byte 7.")
        #expect(JSONError.invalid(offset: nil).description == "The body is not valid JSON: unexpected content.")
        #expect(
            JSONError.trailingContent(offset: 2).description
                == "The body is not valid JSON: there is more after the value at byte 2.")
        #expect(JSONError.notUTF8.description == "The body is not valid JSON: it is not UTF-8.")
        #expect(JSONError.empty.description == "The body is not valid JSON: it is empty.")
        #expect(
            JSONError.tooDeep(limit: 512).description
                == "The body is nested too deeply: at most 512 levels are allowed.")
        #expect(JSONError.tooLarge(limit: 5).description == "The body is too large: at most 5 bytes are allowed.")
        #expect(!JSONError.outOfMemory.description.isEmpty)
    }
}
