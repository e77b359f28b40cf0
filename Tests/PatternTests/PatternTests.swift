import Testing

@testable import Pattern

@Suite("Patterns", .timeLimit(.minutes(1)))
struct PatternTests {
    @Test(arguments: [
        ("b+", "abbbc", true), ("^b", "ab", false), ("(?i)HELLO", "say hello", true), ("HELLO", "hello", false),
        (#"\bcat\b"#, "a cat!", true), (#"\bcat\b"#, "concat", false), ("", "", true), ("x", "", false),
        ("ü{2}", "üü", true), ("(?i)Ü", "ü", true), (".", "日", true), (#"\d{4}"#, "12345", true),
        ("a.c", "a\nc", false), ("(?s)a.c", "a\nc", true), ("(?m)^b$", "a\nb\nc", true), (#"\pL"#, "é", true),
    ])
    func `a pattern finds what it says`(pattern: String, text: String, expected: Bool) throws {
        #expect(try Pattern(pattern).matches(Array(text.utf8)) == expected)
        #expect(try Pattern(pattern).firstRange(in: Array(text.utf8)).map { _ in true } == (expected ? true : nil))
    }

    @Test func `a dot is a character, not a byte`() throws {
        #expect(try Pattern("^.$").matches(Array("日".utf8)))
        #expect(try Pattern(".").ranges(in: Array("a日b".utf8)) == [0..<1, 1..<4, 4..<5])
    }

    @Test func `bytes that are no text match nothing and stop nothing`() throws {
        let bytes: [UInt8] = [0xFF, 0x00, 0xC3] + Array("key".utf8) + [0x80]
        #expect(try Pattern("key").ranges(in: bytes) == [3..<6])
        #expect(try Pattern("^.key").matches(bytes) == false)
        #expect(try Pattern(#"\x00"#).ranges(in: bytes) == [1..<2])
    }

    @Test func `ranges come from left to right and do not overlap`() throws {
        let text = Array("aaaa b aa".utf8)
        #expect(try Pattern("aa").ranges(in: text) == [0..<2, 2..<4, 7..<9])
        #expect(try Pattern("aa").ranges(in: text, limit: 2) == [0..<2, 2..<4])
        #expect(try Pattern("aa").ranges(in: text, limit: 0) == [])
        #expect(try Pattern("a*").ranges(in: text) == [0..<4, 7..<9])
        #expect(try Pattern("c*").ranges(in: text) == [])
        #expect(try Pattern("a").ranges(in: []) == [])
    }

    @Test func `what stands before the start is still context`() throws {
        let text = Array("xcat cat".utf8)
        let pattern = try Pattern(#"\bcat"#)
        #expect(pattern.firstRange(in: text, from: 1) == 5..<8)
        #expect(try Pattern("^cat").firstRange(in: text, from: 5) == nil)
        #expect(pattern.firstRange(in: text, from: 9) == nil)
        #expect(pattern.firstRange(in: text, from: -1) == nil)
    }

    @Test(arguments: ["(", "[a", "a**b(", #"(a)\1"#, "(?=a)", "(?<!a)b", "a{2,1}", #"\"#, "(a{100}){11}"])
    func `what RE2 has not got is refused`(pattern: String) {
        #expect(throws: PatternError.invalid) { try Pattern(pattern) }
    }

    @Test func `a pattern that would need too much memory is refused`() {
        let wide = #"(\pL{100}){10}"#
        #expect(throws: PatternError.tooLarge) { try Pattern(wide, maximumMemoryBytes: 1 << 20) }
        #expect(throws: Never.self) { try Pattern(wide, maximumMemoryBytes: 64 << 20) }
        #expect(throws: PatternError.tooLarge) {
            try Pattern(String(repeating: "a", count: Pattern.maximumTextBytes + 1))
        }
        #expect(throws: PatternError.tooLarge) { try Pattern(wide, maximumMemoryBytes: 0) }
    }

    @Test func `the worst patterns of others take linear time`() throws {
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 1 << 20)
        #expect(try Pattern("^(a+)+$").matches(text))
        #expect(try Pattern("^(a+)+b$").matches(text) == false)
        #expect(try Pattern("(a|aa)*c").matches(text) == false)
        #expect(try Pattern("(x+x+)+y").matches(text) == false)
    }

    @Test(arguments: [("(", "a", ")"), ("(?:x", "a", "?y)*"), ("(a|", "b", "|c)+")])
    func `deep nesting is no danger`(opening: String, middle: String, closing: String) {
        let depth = Pattern.maximumTextBytes / (opening.utf8.count + closing.utf8.count) - 1
        let deep = String(repeating: opening, count: depth) + middle + String(repeating: closing, count: depth)
        let matches = (try? Pattern(deep))?.matches(Array("xxaby".utf8))
        #expect(matches != false)
    }

    @Test func `threads may share a pattern`() async throws {
        let pattern = try Pattern(#"[a-z]+@[a-z]+\.example"#)
        let text = Array((String(repeating: "no at here ", count: 500) + "me@host.example").utf8)
        let counts = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<20).reduce(0) { sum, _ in sum + pattern.ranges(in: text).count } }
            }
            return await group.reduce(0, +)
        }
        #expect(counts == 160)
    }
}

@Suite("Any of several patterns")
struct AnyPatternTests {
    static let memory = 8 << 20

    @Test func `any of them is enough`() throws {
        let patterns = [try Pattern("(?i)one"), try Pattern("two|three"), try Pattern("^four$")]
        let any = try #require(Pattern.any(of: patterns, maximumMemoryBytes: Self.memory))
        for (text, expected) in [("ONE", true), ("TWO", false), ("a three", true), ("four", true), ("a four", false)] {
            #expect(any.matches(Array(text.utf8)) == expected, "\(text)")
        }
    }

    @Test func `none make no pattern`() {
        #expect(Pattern.any(of: [], maximumMemoryBytes: Self.memory) == nil)
    }

    @Test func `a quotation cannot swallow its neighbour`() throws {
        let patterns = [try Pattern(#"\Qa"#), try Pattern(#"\Qb\E"#)]
        #expect(patterns.contains { $0.matches([UInt8(ascii: "b")]) })
        #expect(Pattern.any(of: patterns, maximumMemoryBytes: Self.memory) == nil)
    }

    @Test func `groups of one name get along`() throws {
        let patterns = [try Pattern("(?P<n>a)"), try Pattern("(?P<n>b)")]
        let any = try #require(Pattern.any(of: patterns, maximumMemoryBytes: Self.memory))
        #expect(any.matches([UInt8(ascii: "b")]))
    }

    @Test func `too many to be one make none`() throws {
        let patterns = [try Pattern(String(repeating: "a", count: Pattern.maximumTextBytes)), try Pattern("b")]
        #expect(Pattern.any(of: patterns, maximumMemoryBytes: Self.memory) == nil)
    }
}
