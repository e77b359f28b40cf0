import Testing

@testable import YAML

@Suite("YAML")
struct YAMLParseTests {
    private func parse(_ text: String, limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> YAMLNode? {
        try YAML.parse(Array(text.utf8), limits: limits)
    }

    private func failure(_ bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) -> YAMLError? {
        do throws(YAMLError) {
            _ = try YAML.parse(bytes, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a document becomes nodes with places`() throws {
        let root = try #require(try parse("server:\n  listen: 'a:1'\n  hosts: [x, y]\nlog: {level: info}\n"))
        #expect(root.entries?.map(\.key) == ["server", "log"])
        let listen = try #require(root["server"]?["listen"])
        #expect(listen.content == .scalar(text: "a:1", style: .quoted))
        #expect(listen.place == YAMLPlace(line: 2, column: 11))
        #expect(root["server"]?.entries?.first?.keyPlace == YAMLPlace(line: 2, column: 3))
        #expect(root["server"]?["hosts"]?.elements?.map(\.string) == ["x", "y"])
        #expect(root["server"]?["hosts"]?.elements?.last?.place == YAMLPlace(line: 3, column: 14))
        #expect(root["log"]?["level"]?.string == "info")
        #expect(root["nothing"] == nil)
    }

    @Test func `columns count characters, not bytes`() throws {
        let root = try #require(try parse("é: {ü: x}"))
        #expect(root["é"]?["ü"]?.place == YAMLPlace(line: 1, column: 8))
    }

    @Test(arguments: ["", "\n\n", "# only a comment\n", "\u{FEFF}"])
    func `an empty document is nil`(text: String) throws {
        #expect(try parse(text) == nil)
    }

    struct Scalar: Sendable {
        var text: String
        var string: String?
        var int: Int?
        var bool: Bool?
        var double: Double?
        var isNull = false
    }

    @Test(arguments: [
        Scalar(text: "12", string: "12", int: 12, double: 12),
        Scalar(text: "-3", string: "-3", int: -3, double: -3),
        Scalar(text: "'12'", string: "12"),
        Scalar(text: "1.5", string: "1.5", double: 1.5),
        Scalar(text: "true", string: "true", bool: true),
        Scalar(text: "'true'", string: "true"),
        Scalar(text: "on", string: "on"),
        Scalar(text: "yes", string: "yes"),
        Scalar(text: "0x10", string: "0x10"),
        Scalar(text: "inf", string: "inf"),
        Scalar(text: "nan", string: "nan"),
        Scalar(text: "99999999999999999999", string: "99999999999999999999", double: 1e20),
        Scalar(text: "", isNull: true),
        Scalar(text: "~", isNull: true),
        Scalar(text: "null", isNull: true),
        Scalar(text: "''", string: ""),
        Scalar(text: "\"a\\nb\"", string: "a\nb"),
        Scalar(text: "|\n  a\n  b\n", string: "a\nb\n"),
    ]) func `a scalar is typed when asked`(scalar: Scalar) throws {
        let node = try #require(try parse("key: " + scalar.text)?["key"])
        #expect(node.string == scalar.string)
        #expect(node.int == scalar.int)
        #expect(node.bool == scalar.bool)
        #expect(node.double == scalar.double)
        #expect(node.isNull == scalar.isNull)
        #expect(node.entries == nil && node.elements == nil)
    }

    struct Refusal: Sendable {
        var text: String
        var code: YAMLError.Code
        var line: Int
        var column: Int
        var message: String
    }

    @Test(arguments: [
        Refusal(
            text: "a: 1\nb: 2\na: 3\n", code: .duplicateKey, line: 3, column: 1,
            message: "the key \"a\" was given before, in line 1"),
        Refusal(
            text: "x:\n  a: 1\n  'a': 1\n", code: .duplicateKey, line: 3, column: 3,
            message: "the key \"a\" was given before, in line 2"),
        Refusal(
            text: "\"\\e[2J\\x9b\": 1\n\"\\e[2J\\x9b\": 1\n", code: .duplicateKey, line: 2, column: 1,
            message: "the key \"?[2J?\" was given before, in line 1"),
        Refusal(
            text: "a: &x 1\n", code: .unsupported, line: 1, column: 4,
            message: "an anchor (&name) is not supported; write the value where it is needed"),
        Refusal(
            text: "a: &x {b: 1}\n", code: .unsupported, line: 1, column: 4,
            message: "an anchor (&name) is not supported; write the value where it is needed"),
        Refusal(
            text: "a: 1\nb: *x\n", code: .unsupported, line: 2, column: 4,
            message: "an alias (*name) is not supported; write the value out"),
        Refusal(
            text: "a: !!str 1\n", code: .unsupported, line: 1, column: 4, message: "a tag (!name) is not supported"),
        Refusal(text: "[a]: 1\n", code: .unsupported, line: 1, column: 1, message: "a key must be plain text"),
        Refusal(
            text: "a: 1\n---\nb: 1\n", code: .unsupported, line: 2, column: 1,
            message: "a second document is not supported"),
        Refusal(
            text: "a: [1\nb: 2\n", code: .syntax, line: 2, column: 2,
            message: "while parsing a flow sequence: did not find expected ',' or ']'"),
        Refusal(
            text: "a:\n\tb: 1\n", code: .syntax, line: 2, column: 1,
            message: "while scanning for the next token: found character that cannot start any token"),
        Refusal(
            text: "a: b: c\n", code: .syntax, line: 1, column: 5,
            message: "mapping values are not allowed in this context"),
    ]) func `what is not accepted says why and where`(refusal: Refusal) throws {
        let error = try #require(failure(Array(refusal.text.utf8)))
        #expect(error.code == refusal.code)
        #expect(error.place == YAMLPlace(line: refusal.line, column: refusal.column))
        #expect(error.message == refusal.message)
    }

    @Test(arguments: [[UInt8(0xff)], [0x80], [0x00], [0xed, 0xa0, 0x80]])
    func `bytes that are no text are refused where they stand`(bytes: [UInt8]) throws {
        let error = try #require(failure(Array("a: 1\nkey: ü".utf8) + bytes + Array("\n".utf8)))
        #expect(error.code == .invalidText)
        #expect(error.place == YAMLPlace(line: 2, column: 7))
    }

    @Test func `a document one byte over the limit is refused`() throws {
        var limits = YAMLLimits()
        limits.maxBytes = 5
        #expect(failure(Array("a: 12".utf8), limits: limits) == nil)
        #expect(failure(Array("a: 123".utf8), limits: limits)?.code == .tooLarge)
    }

    @Test func `a level too deep is refused`() throws {
        var limits = YAMLLimits()
        limits.maxDepth = 3
        #expect(failure(Array("[[[1]]]".utf8), limits: limits) == nil)
        #expect(failure(Array("[[[[]]]]".utf8), limits: limits)?.code == .tooDeep)
        #expect(failure(Array(String(repeating: "[", count: 50_000).utf8))?.code == .tooDeep)
    }

    @Test func `a value too many is refused`() throws {
        var limits = YAMLLimits()
        limits.maxNodes = 3
        #expect(failure(Array("a: 1".utf8), limits: limits) == nil)
        #expect(failure(Array("a: 1\nb: 1".utf8), limits: limits)?.code == .tooManyNodes)
    }

    @Test func `no prefix of a document, and no changed byte, does harm`() {
        let text = Array("a:\n  - b: 'c'\n  - \"d\\u0041\"\nx: |\n  é\ny: {z: [1, 2]} # end\n".utf8)
        for position in text.indices {
            _ = failure(Array(text.prefix(position)))
            for byte: UInt8 in [0x00, 0x09, 0x22, 0x27, 0x3a, 0x5b, 0x7b, 0x80, 0xff] {
                var changed = text
                changed[position] = byte
                _ = failure(changed)
            }
        }
    }
}
