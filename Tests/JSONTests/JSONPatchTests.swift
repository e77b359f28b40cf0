import Testing

@testable import JSON

@Suite("JSON patches")
struct JSONPatchTests {
    private let scanner = JSONScanner()

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func `replacements and insertions leave the rest alone`() throws {
        let source = bytes(#"{ "model" : "a" , "n":1 }"#)
        let index = try scanner.scan(source)
        var patch = JSONPatch()
        #expect(patch.isEmpty)
        patch.replace(try #require(index.first(named: "n", in: source)).range, with: bytes("22"))
        patch.replace(try #require(index.first(named: "model", in: source)).range, with: bytes(#""longer""#))
        patch.insert(bytes("\n"), at: source.count)
        patch.insert(bytes("<"), at: 0)
        patch.insert(bytes(">"), at: 0)
        #expect(text(try patch.applied(to: source)) == #"<>{ "model" : "longer" , "n":22 }"# + "\n")
        #expect(!patch.isEmpty)
    }

    @Test func `no edits give the same bytes`() throws {
        #expect(try JSONPatch().applied(to: bytes("[1]")) == bytes("[1]"))
    }

    @Test func `edits that cannot be made are refused`() {
        var overlapping = JSONPatch()
        overlapping.replace(0..<3, with: [])
        overlapping.replace(2..<4, with: [])
        #expect(throws: JSONPatchError.overlapping) { try overlapping.applied(to: bytes("[1,2]")) }
        var outside = JSONPatch()
        outside.insert([1], at: 6)
        #expect(throws: JSONPatchError.outOfBounds) { try outside.applied(to: bytes("[1,2]")) }
        var inside = JSONPatch()
        inside.replace(0..<3, with: [])
        inside.insert([1], at: 1)
        #expect(throws: JSONPatchError.overlapping) { try inside.applied(to: bytes("[1,2]")) }
    }

    @Test(
        "Members are set where they are, everywhere they are, or at the end",
        arguments: [
            (#"{"model":"a","n":1}"#, #"{"model":"b","n":1}"#), (#"{"n":1 }"#, #"{"n":1,"model":"b" }"#),
            ("{}", #"{"model":"b"}"#), ("{ }", #"{"model":"b" }"#),
            (#"{"model":{"x":1},"mod\u0065l":null}"#, #"{"model":"b","mod\u0065l":"b"}"#),
        ])
    func setting(json: String, expected: String) throws {
        let source = bytes(json)
        var patch = JSONPatch()
        patch.set("model", to: bytes(#""b""#), in: try scanner.scan(source), of: source)
        #expect(text(try patch.applied(to: source)) == expected)
    }

    @Test("Every choice of members can be removed and others added", arguments: 0..<5)
    func removing(count: Int) throws {
        let members = (0..<count).map { #""k\#($0)" : [\#($0)]"# }
        let source = bytes("{ " + members.joined(separator: " , ") + " }")
        let index = try scanner.scan(source)
        for choice in 0..<(1 << count) {
            for added in 0..<3 {
                var patch = JSONPatch()
                let extra = (0..<added).map { JSONPatch.NewMember("new\($0)", bytes("true")) }
                patch.change(
                    index,
                    removing: { field in choice >> (Int(field.key(in: source).dropFirst()) ?? 0) & 1 == 1 },
                    adding: extra)
                let result = try scanner.value(try patch.applied(to: source)).objectValue
                let kept = (0..<count).filter { choice >> $0 & 1 == 0 }
                #expect(result?.keys == kept.map { "k\($0)" } + extra.map(\.key))
                for i in kept { #expect(text(try patch.applied(to: source)).contains(members[i])) }
            }
        }
    }

    @Test func `changes in several objects go into one patch`() throws {
        let source = bytes(#"{"a":{"x":1,"y":2},"stream_options":{"include_usage":false}}"#)
        let index = try scanner.scan(source)
        let inner = try scanner.scan(source, in: try #require(index.first(named: "a", in: source)).range)
        let options = try #require(index.first(named: "stream_options", in: source))
        var patch = JSONPatch()
        patch.change(inner, removing: { $0.isNamed("x", in: source) })
        patch.set("include_usage", to: bytes("true"), in: try scanner.scan(source, in: options.range), of: source)
        patch.change(index, adding: [.init("q\"", bytes("1"))])
        #expect(
            text(try patch.applied(to: source))
                == #"{"a":{"y":2},"stream_options":{"include_usage":true},"q\"":1}"#)
    }
}
