import Domain
import YAML

/// Puts a catalogue together from files. All that is wrong is reported at once.
public enum CatalogueLoader {
    /// An own file's model with an id the built-in files have gets the fields it gives, and keeps the built-in rest.
    public static func load(
        builtIn: [CatalogueSource] = BuiltIn.sources, own: [CatalogueSource] = []
    ) throws(CatalogueProblems) -> Catalogue {
        var assembly = CatalogueAssembly()
        for source in builtIn { assembly.add(source, isOwn: false) }
        for source in own { assembly.add(source, isOwn: true) }
        return try assembly.catalogue()
    }
}

private struct CatalogueAssembly {
    private struct Draft {
        let id: String?
        var place: YAMLPlace
        var file: String
        var fields: [SourcedField]
        let vendor: String
        var isOwn: Bool
    }

    private var problems: [CatalogueProblem] = []
    private var drafts: [Draft] = []
    private var positions: [String: Int] = [:]
    private var vendorNames: [String: String] = [:]
    private var namespaces: [String: String] = [:]
    private var priceVersions: [String: String] = [:]

    mutating func add(_ source: CatalogueSource, isOwn: Bool) {
        guard let file = CatalogueFile.read(source, &problems) else { return }
        priceVersions[file.name] = file.priceVersion
        if let name = file.vendorName { vendorNames[file.vendor] = name }
        if let namespace = file.namespace { namespaces[file.vendor] = namespace }
        for entry in file.entries {
            add(
                Draft(
                    id: entry.id, place: entry.place, file: file.name, fields: entry.fields, vendor: file.vendor,
                    isOwn: isOwn))
        }
    }

    private mutating func add(_ draft: Draft) {
        guard let id = draft.id, let position = positions[id] else {
            if let id = draft.id { positions[id] = drafts.count }
            drafts.append(draft)
            return
        }
        let older = drafts[position]
        guard draft.isOwn, !older.isOwn else {
            let place =
                older.file == draft.file ? "in line \(older.place.line)" : "in \(older.file):\(older.place.line)"
            problems.append(
                CatalogueProblem(
                    file: draft.file, line: draft.place.line, "\(printable(id)): the id was given before, \(place)",
                    otherFile: older.file))
            return
        }
        let given = Set(draft.fields.map(\.entry.key))
        drafts[position].fields = older.fields.filter { !given.contains($0.entry.key) } + draft.fields
        drafts[position].file = draft.file
        drafts[position].place = draft.place
        drafts[position].isOwn = true
    }

    mutating func catalogue() throws(CatalogueProblems) -> Catalogue {
        var models: [Model] = []
        var takenNames: [String: Draft] = [:]
        for draft in drafts {
            if let id = draft.id { takenNames[id.lowercased()] = draft }
        }
        for draft in drafts {
            let fields = FieldReader(
                draft.fields, known: ModelReader.known, subject: draft.id.map(printable) ?? "a model", file: draft.file,
                place: draft.place)
            let vendor = VendorFacts(
                id: draft.vendor, name: vendorNames[draft.vendor] ?? draft.vendor,
                namespace: namespaces[draft.vendor], priceVersions: priceVersions)
            guard let model = ModelReader.read(fields, vendor: vendor, &problems) else { continue }
            for alias in model.aliases {
                if let other = takenNames.updateValue(draft, forKey: alias.lowercased()) { clash(alias, draft, other) }
            }
            models.append(model)
        }
        guard problems.isEmpty else { throw CatalogueProblems(problems) }
        return Catalogue(models)
    }

    private mutating func clash(_ alias: String, _ draft: Draft, _ other: Draft) {
        problems.append(
            CatalogueProblem(
                file: draft.file, line: draft.place.line,
                "\(draft.id ?? ""): the alias \(alias) already means \(other.id ?? "another model")",
                otherFile: other.file))
    }
}
