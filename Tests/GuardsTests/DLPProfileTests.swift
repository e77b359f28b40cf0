import Testing

@testable import Guards

@Suite("DLP profiles of the operator")
struct DLPProfileTests {
    @Test func `a profile of the operator's is found like a built-in one`() throws {
        let own = try DLPProfile(
            id: "staff", name: "Staff",
            patterns: [
                DLPPatternText(id: "number", name: "Number", pattern: #"\bEMP-\d{6}\b"#),
                DLPPatternText(id: "many", name: "Many", pattern: "(?i)project falcon", minimumMatches: 2),
            ])
        let library = try DLPLibrary(adding: [own])
        let policies = DLPPolicySet(isEnabled: true, rules: .single(action: .block, profiles: ["staff"]))
        let inspector = DLPInspector(policies, library: library)
        func found(_ text: String) -> [String] {
            inspector.check(Array(text.utf8), side: .request).findings.flatMap(\.entryIDs)
        }
        #expect(found("I am EMP-123456") == ["number"])
        #expect(found("Project Falcon") == [])
        #expect(found("Project Falcon, project falcon") == ["many"])
        #expect(found("4111 1111 1111 1111") == [])
    }

    @Test func `what is wrong with a profile is told with its place`() {
        let found = problems {
            _ = try DLPProfile(
                id: "a b", name: "",
                patterns: [
                    DLPPatternText(id: "x", name: "X", pattern: "("),
                    DLPPatternText(id: "y", name: "Y", pattern: "a*"),
                    DLPPatternText(id: "y", name: "Y", pattern: "b", minimumMatches: 0),
                    DLPPatternText(id: "Z\n", name: "Z", pattern: "c"),
                ], pointer: "/dlp/0")
        }
        #expect(
            found.map(\.pointer) == [
                "/dlp/0/id", "/dlp/0/name", "/dlp/0/patterns/0/pattern", "/dlp/0/patterns/1/pattern",
                "/dlp/0/patterns/2/id", "/dlp/0/patterns/2/minimum_matches", "/dlp/0/patterns/3/id",
            ])
        #expect(problems { _ = try DLPProfile(id: "a", name: "A", patterns: []) }.map(\.pointer) == ["/patterns"])
    }

    @Test func `an id is used once`() throws {
        let own = try DLPProfile(
            id: "iban", name: "Mine", patterns: [DLPPatternText(id: "x", name: "X", pattern: "x")])
        #expect(problems { _ = try DLPLibrary(adding: [own]) }.map(\.pointer) == ["/0/id"])
    }
}
