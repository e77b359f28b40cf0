/// The catalogue's files as they were when the binary was built; `scripts/embed-catalogue` writes them here.
public enum BuiltIn {
    public static let sources = files.map { file in
        CatalogueSource(
            name: "catalogue/\(file.vendor).yaml",
            content: .bytes(file.text.withUTF8Buffer { unsafe Array($0) }))
    }

    /// The vendors with a file of their own.
    public static let vendors = files.map(\.vendor)
}

extension Catalogue {
    /// The models every gateway knows. Empty only in a build whose files are wrong, which no test lets pass.
    public static let builtIn = (try? CatalogueLoader.load()) ?? Catalogue([])

    /// The same, under the name it had when the list was short.
    public static var seed: Catalogue { builtIn }
}
