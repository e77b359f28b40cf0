import Testing

@testable import Settings

@Suite("Settings: the catalogue")
struct CatalogueSettingsTests {
    @Test func `the directory is not set, set, or refused`() throws {
        #expect(try load("").get().catalogue.directory == nil)
        #expect(try load("catalogue: {dir: ./models}").get().catalogue.directory == "./models")
        guard case .failure(let problems) = load("catalogue: {dri: ./models}") else {
            Issue.record("accepted")
            return
        }
        #expect(problems.description.contains("did you mean catalogue.dir?"))
    }
}
