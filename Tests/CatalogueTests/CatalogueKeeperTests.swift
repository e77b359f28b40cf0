import Catalogue
import Domain
import Testing

@Suite("Catalogue files: changes while running")
struct CatalogueKeeperTests {
    private static let bad = CatalogueSource(name: "acme.yaml", text: "version: [")

    private func beta(_ lines: [String] = []) -> CatalogueSource {
        file(lines, id: "beta/two", vendor: "beta", name: "beta.yaml")
    }

    private func window(_ outcome: CatalogueKeeper.Outcome, _ id: String = "acme/one") -> Int?? {
        guard case .replaced(let catalogue) = outcome else { return nil }
        return .some(catalogue.model(id)?.contextWindow)
    }

    @Test func `the same files are not loaded twice`() {
        var keeper = CatalogueKeeper(builtIn: [])
        guard case .replaced = keeper.look(at: [file()]) else { return fail("not loaded") }
        guard case .unchanged = keeper.look(at: [file()]) else { return fail("loaded again") }
    }

    @Test func `a changed file takes effect, and a deleted one is gone`() {
        var keeper = CatalogueKeeper(builtIn: [])
        #expect(window(keeper.look(at: [file(["context_window: 1"])])) == .some(1))
        #expect(window(keeper.look(at: [file(["context_window: 2"])])) == .some(2))
        #expect(window(keeper.look(at: [])) == .some(nil))
        #expect(keeper.problems.isEmpty)
    }

    @Test func `a file that turns bad keeps its last good state, and other files go on changing`() {
        var keeper = CatalogueKeeper(builtIn: [])
        _ = keeper.look(at: [file(["context_window: 1"]), beta(["context_window: 1"])])
        let outcome = keeper.look(at: [Self.bad, beta(["context_window: 2"])])
        #expect(window(outcome) == .some(1))
        #expect(window(outcome, "beta/two") == .some(2))
        #expect(keeper.problems.map(\.file) == ["acme.yaml"])
        #expect(window(keeper.look(at: [file(["context_window: 3"]), beta()])) == .some(3))
        #expect(keeper.problems.isEmpty)
    }

    @Test func `a file that was never good is left out`() {
        var keeper = CatalogueKeeper(builtIn: [])
        let outcome = keeper.look(at: [Self.bad, beta(["context_window: 2"])])
        #expect(window(outcome) == .some(nil))
        #expect(window(outcome, "beta/two") == .some(2))
        #expect(keeper.problems.count == 1)
    }

    @Test func `a file that becomes unreadable keeps its last good state`() {
        var keeper = CatalogueKeeper(builtIn: [])
        _ = keeper.look(at: [file(["context_window: 1"])])
        let gone = CatalogueSource(name: "acme.yaml", content: .unreadable("no permission"))
        #expect(window(keeper.look(at: [gone])) == .some(1))
        #expect(keeper.problems.map(\.description) == ["acme.yaml: no permission"])
    }

    @Test func `of two files that contradict each other the changed one gives way`() {
        var keeper = CatalogueKeeper(builtIn: [])
        _ = keeper.look(at: [file(["context_window: 1"]), beta(["aliases: [a/b]"])])
        let outcome = keeper.look(at: [file(["aliases: [a/b]"]), beta(["aliases: [a/b]"])])
        guard case .replaced(let catalogue) = outcome else { return fail("not loaded") }
        #expect(catalogue.model("a/b")?.id.rawValue == "beta/two")
        #expect(catalogue.model("acme/one")?.contextWindow == 1)
        #expect(keeper.problems.count == 1)
    }

    @Test func `built-in files that are wrong leave everything as it was`() {
        var keeper = CatalogueKeeper(builtIn: [Self.bad])
        guard case .kept = keeper.look(at: []) else { return fail("something was loaded") }
        #expect(keeper.problems.count == 1)
    }

    @Test func `readers keep the snapshot they have`() throws {
        let live = LiveCatalogue(try CatalogueLoader.load(builtIn: [], own: [file(["context_window: 1"])]))
        let before = live.current
        live.replace(with: try CatalogueLoader.load(builtIn: [], own: [file(["context_window: 2"])]))
        #expect(before.model("acme/one")?.contextWindow == 1)
        #expect(live.current.model("acme/one")?.contextWindow == 2)
        live.keep(noting: [CatalogueProblem(file: "f", line: 1, "x")])
        #expect(live.current.model("acme/one")?.contextWindow == 2)
        #expect(live.problems.map(\.description) == ["f:1: x"])
    }
}

/// Records a failure from where nothing can be returned.
private func fail(_ text: String, at location: SourceLocation = #_sourceLocation) {
    Issue.record(Comment(rawValue: text), sourceLocation: location)
}
