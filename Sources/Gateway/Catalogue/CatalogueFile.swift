import Crypto
import YAML

/// One file taken apart: what it says of its vendor, and its models' fields, not yet looked at.
struct CatalogueFile {
    struct Entry {
        let id: String?
        let place: YAMLPlace
        let fields: [SourcedField]
    }

    let name: String
    let vendor: String
    let vendorName: String?
    /// What ids begin with in place of the vendor, where they are ids of the vendor's own; such as `@cf`.
    let namespace: String?
    /// The file's own version, and a hash of all its bytes.
    let priceVersion: String
    let entries: [Entry]

    static let mostModels = 2_000
    private static let longestVersion = 64
    private static let known = ["version", "vendor", "vendor_name", "namespace", "models"]
    /// Enough that no two lists meet by chance; nobody gains by forging one.
    private static let hashDigits = 12

    /// Nil when the file cannot be used at all; then there is at least one problem.
    static func read(_ source: CatalogueSource, _ problems: inout [CatalogueProblem]) -> CatalogueFile? {
        guard case .bytes(let bytes) = source.content else {
            if case .unreadable(let reason) = source.content {
                problems.append(CatalogueProblem(file: source.name, line: nil, reason))
            }
            return nil
        }
        do {
            let root = try YAML.parse(bytes)
            return read(root, source.name, bytes, &problems)
        } catch {
            problems.append(CatalogueProblem(file: source.name, line: error.line, error.message))
            return nil
        }
    }

    private static func read(
        _ root: YAMLNode?, _ name: String, _ bytes: [UInt8], _ problems: inout [CatalogueProblem]
    ) -> CatalogueFile? {
        guard let root, let entries = root.entries else {
            let line = root?.place.line
            problems.append(CatalogueProblem(file: name, line: line, "must hold version, vendor and models"))
            return nil
        }
        var fields = FieldReader(
            entries.map { SourcedField(entry: $0, file: name) }, known: known, subject: "the file", file: name,
            place: root.place)
        defer { problems += fields.problems }
        let version = version(&fields)
        let vendor = vendor(&fields)
        let vendorName = fields.text("vendor_name")
        let namespace = namespace(&fields)
        if !fields.has("models") { fields.report("models is missing") }
        let models = models(&fields, name)
        guard let version, let vendor else { return nil }
        let hash = HMACSHA256.hex(bytes, key: []).prefix(hashDigits)
        return CatalogueFile(
            name: name, vendor: vendor, vendorName: vendorName, namespace: namespace,
            priceVersion: "\(version)+\(hash)", entries: models)
    }

    private static func version(_ fields: inout FieldReader) -> String? {
        guard let version = fields.required("version") else { return nil }
        let isPlain = version.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "+") }
        guard isPlain, version.utf8.count <= longestVersion else {
            fields.report("version", "must be visible ASCII without spaces or +, at most \(longestVersion) characters")
            return nil
        }
        return version
    }

    private static func vendor(_ fields: inout FieldReader) -> String? {
        guard let vendor = fields.required("vendor") else { return nil }
        guard ModelName.isValid(vendor + "/x"), vendor == vendor.lowercased(), !vendor.contains("/"),
            !vendor.hasPrefix("@")
        else {
            fields.report("vendor", "must be lower-case letters, digits and -_.:")
            return nil
        }
        return vendor
    }

    private static func namespace(_ fields: inout FieldReader) -> String? {
        guard let namespace = fields.text("namespace") else { return nil }
        guard ModelName.isValid(namespace + "/x"), namespace.hasPrefix("@"), namespace == namespace.lowercased(),
            !namespace.contains("/")
        else {
            fields.report("namespace", "must be @ and lower-case letters, digits and -_.:")
            return nil
        }
        return namespace
    }

    private static func models(_ fields: inout FieldReader, _ file: String) -> [Entry] {
        guard fields.has("models") else { return [] }
        guard let nodes = fields.node("models")?.elements, nodes.count <= mostModels else {
            fields.report("models", "must be a list of at most \(mostModels) models")
            return []
        }
        return nodes.compactMap { node in
            guard let entries = node.entries else {
                fields.report("models", "must each be a mapping of fields", at: node.place)
                return nil
            }
            return Entry(
                id: node["id"]?.string, place: node.place,
                fields: entries.map { SourcedField(entry: $0, file: file) })
        }
    }
}
