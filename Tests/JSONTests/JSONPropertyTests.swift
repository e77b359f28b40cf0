import Testing

@testable import JSON

@Suite("JSON properties")
struct JSONPropertyTests {
    private static let rounds = 400
    private let scanner = JSONScanner()

    @Test("The ranges of fields give back the texts they were made of", arguments: 0..<4 as Range<UInt64>)
    func fields(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<Self.rounds {
            let (object, members) = random.object(depth: 4)
            let bytes = Array((random.space() + object + random.space()).utf8)
            let index = try scanner.scan(bytes)
            #expect(text(bytes[index.range]) == object)
            #expect(index.fields.map { text(bytes[$0.keyRange]) } == members.map(\.rawKey))
            #expect(index.fields.map { text(bytes[$0.range]) } == members.map(\.rawValue))
            #expect(index.fields.map { $0.key(in: bytes) } == members.map(\.key))
            #expect(index.fields.map(\.keyHasEscapes) == members.map { $0.rawKey.contains("\\") })
            for member in members {
                let named = members.filter { $0.key.utf8.elementsEqual(member.key.utf8) }
                #expect(index.count(named: member.key, in: bytes) == named.count)
                let first = try #require(index.first(named: member.key, in: bytes))
                #expect(text(bytes[first.range]) == named.first?.rawValue)
            }
        }
    }

    @Test("The ranges of elements give back the texts they were made of", arguments: 10..<12 as Range<UInt64>)
    func elements(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<Self.rounds {
            let (array, elements) = random.array(depth: 4)
            let bytes = Array(("xx" + array + "yy").utf8)
            let index = try scanner.scan(bytes, in: 2..<(bytes.count - 2))
            #expect(index.elements.map { text(bytes[$0.range]) } == elements)
        }
    }

    @Test("Parsing what was written gives the same tree", arguments: 20..<24 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<Self.rounds {
            let value = try scanner.value(Array(random.value(depth: 6).utf8))
            let written = value.serialized()
            #expect(try scanner.value(written) == value)
            #expect(try scanner.value(written).serialized() == written)
        }
    }

    @Test("A patch leaves everything else byte for byte", arguments: 30..<32 as Range<UInt64>)
    func patches(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<Self.rounds {
            let (object, members) = random.object(depth: 3)
            guard !members.isEmpty else { continue }
            let bytes = Array(object.utf8)
            let fields = try scanner.scan(bytes).fields
            var patch = JSONPatch()
            var expected = bytes
            for field in fields.reversed() where Bool.random(using: &random.generator) {
                let replacement = Array(random.value(depth: 2).utf8)
                patch.replace(field.range, with: replacement)
                expected.replaceSubrange(field.range, with: replacement)
            }
            #expect(try patch.applied(to: bytes) == expected)
            #expect(try scanner.scan(expected).fields.count == fields.count)
        }
    }

    @Test(
        "A text with one byte changed never faults, and a scan and a tree agree on it",
        arguments: 40..<42 as Range<UInt64>)
    func damaged(seed: UInt64) throws {
        var random = RandomJSON(seed: seed)
        for _ in 0..<Self.rounds * 5 {
            var bytes = Array(random.value(depth: 4).utf8)
            let place = Int.random(in: 0..<bytes.count, using: &random.generator)
            bytes[place] = UInt8.random(in: 0...255, using: &random.generator)
            let scanned = Result { () throws(JSONError) in try scanner.scan(bytes).range }
            let parsed = Result { () throws(JSONError) in try scanner.value(bytes) }
            switch (scanned, parsed) {
            case (.success(let range), .success(let value)):
                #expect(try scanner.value(Array(bytes[range])) == value)
            case (.failure(let one), .failure(let other)):
                #expect(one == other)
            default:
                Issue.record("A scan and a tree disagree on \(bytes)")
            }
        }
    }
}
