import Catalogue
import OperatingSystem
public import Settings

/// The operator's own catalogue files: `VENDOR.yaml` in `catalogue.dir`, for every vendor there is.
public struct CatalogueFiles: Sendable {
    private let directory: String?
    private let names: [String]

    /// The largest file that is read.
    private static let maxBytes = 1 << 20

    /// Vendors are those with a built-in file and the configured providers; no other model could be called.
    public init(_ settings: Settings) {
        directory = settings.catalogue.directory
        let vendors = Set(BuiltIn.vendors + settings.providers.map(\.id))
        names = vendors.sorted().map { "\($0).yaml" }
    }

    /// Every file that is there, and those that are but cannot be read. None when no directory is set.
    func read() -> [CatalogueSource] {
        guard let directory else { return [] }
        guard (try? Files.isDirectory(directory)) == true else {
            return [
                CatalogueSource(
                    name: directory, content: .unreadable("catalogue.dir must name a directory; there is none here"))
            ]
        }
        return names.compactMap { Self.source("\(directory)/\($0)") }
    }

    private static func source(_ path: String) -> CatalogueSource? {
        do {
            return CatalogueSource(name: path, content: .bytes(try Files.read(path, maxBytes: maxBytes)))
        } catch {
            return error.kind == .notFound
                ? nil : CatalogueSource(name: path, content: .unreadable(error.description))
        }
    }

    /// What is wrong with the files as they are now, a line each.
    public func problems() -> [String] {
        do {
            _ = try CatalogueLoader.load(own: read())
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }
}
