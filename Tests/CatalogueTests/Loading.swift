import Catalogue
import Domain

/// A file with one model, of these lines in place of or behind those every model needs.
func file(
    _ lines: [String] = [], id: String = "acme/one", version: String = "1", vendor: String = "acme",
    name: String = "acme.yaml"
) -> CatalogueSource {
    let needed = ["id: \(id)", "name: One", "modality: text", "description: A model"]
    let given = Set(lines.map { $0.prefix { $0 != ":" } })
    let fields = needed.filter { !given.contains($0.prefix { $0 != ":" }) } + lines
    let body = fields.enumerated().map { $0.offset == 0 ? "  - \($0.element)" : "    \($0.element)" }
    return CatalogueSource(
        name: name, text: "version: \(version)\nvendor: \(vendor)\nmodels:\n" + body.joined(separator: "\n") + "\n")
}

/// What is wrong with files, a line each; empty when nothing is.
func problems(builtIn: [CatalogueSource] = [], own: [CatalogueSource]) -> [String] {
    do {
        _ = try CatalogueLoader.load(builtIn: builtIn, own: own)
        return []
    } catch {
        return error.problems.map(\.description)
    }
}

func loadOne(_ lines: [String]) throws -> Model {
    let catalogue = try CatalogueLoader.load(builtIn: [], own: [file(lines)])
    guard let model = catalogue.model("acme/one") else { throw CatalogueProblems([]) }
    return model
}
