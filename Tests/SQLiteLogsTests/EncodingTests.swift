import Domain
import Testing

@testable import SQLiteLogs

@Suite("How logs lie on the disk")
struct EncodingTests {
    @Test func `metadata comes back as it was`() {
        let metadata = Samples.fullEntry(1).metadata
        #expect(MetadataBytes.encode(metadata).flatMap(MetadataBytes.decode) == metadata)
        #expect(MetadataBytes.encode(CallMetadata()) == nil)
    }

    @Test func `bytes that are no metadata are refused and never read beyond`() {
        var random = SeededGenerator(seed: 11)
        let good = MetadataBytes.encode(Samples.fullEntry(1).metadata) ?? []
        // Between two entries a cut cannot be seen.
        let whole = (0..<40).filter { MetadataBytes.decode(Array(good.prefix($0))) != nil }
        #expect(whole == [0, 13, 24, 35, 38])
        for _ in 0..<2_000 {
            let bytes = (0..<random.below(20)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            _ = MetadataBytes.decode(bytes)
            _ = MetadataTest.either(TextTest(.contains, ["x"])).fits(bytes.span)
        }
        #expect(MetadataBytes.decode([0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]) == nil)
        #expect(MetadataBytes.decode([3, 0, 0]) == nil)
    }

    @Test func `what is on the disk never changes its meaning`() {
        let metadata = CallMetadata([
            CallMetadata.Entry(key: "a", value: .text("bc")), CallMetadata.Entry(key: "n", value: .number("1")),
            CallMetadata.Entry(key: "t", value: .bool(true)),
        ])
        #expect(
            MetadataBytes.encode(metadata)
                == [0, 1, 0x61, 2, 0x62, 0x63, 1, 1, 0x6E, 1, 0x31, 2, 1, 0x74, 4, 0x74, 0x72, 0x75, 0x65])
        #expect(Tag.metadataValue("anna").value == 1_110_225_963)
        #expect(Tag.eventID("anna").value == 1_927_454_912)
        #expect(TextKind.allCases.map(\.rawValue) == [1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(EntryFlags(Samples.fullEntry(1)).rawValue == 1 + 2 + 8 + 16 + 32 + 64)
        #expect(EntryFlags(Samples.entry(1)).rawValue == 1 + 4)
    }

    @Test(arguments: [
        ("", "", true), ("abc", "", true), ("", "a", false), ("aab", "AB", true), ("xyÄ", "ä", false),
        ("xyÄ", "Ä", true),
        ("a\0b", "\0B", true), ("[", "{", false), ("@", "`", false), ("aaaab", "aab", true),
    ])
    func `contains knows the letters of ASCII`(_ text: String, _ part: String, _ fits: Bool) {
        #expect(TextTest(.contains, [part]).fits(Array(text.utf8).span) == fits)
    }
}
