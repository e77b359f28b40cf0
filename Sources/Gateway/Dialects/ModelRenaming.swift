import Domain
import JSON

/// Gives a vendor's answers the model's public id. Everything else stays byte for byte.
struct ModelRenaming: Sendable {
    private let name: [UInt8]

    init(to model: ModelID) {
        name = JSONValue.string(model.rawValue).serialized()
    }

    /// An answer that names no model is left alone.
    func renamed(
        _ bytes: [UInt8], _ outline: JSONOutline, before prefix: StaticString = "", after suffix: StaticString = ""
    ) -> [UInt8] {
        var renamed: [UInt8] = []
        renamed.reserveCapacity(bytes.count + name.count + prefix.utf8CodeUnitCount + suffix.utf8CodeUnitCount)
        prefix.withUTF8Buffer { unsafe renamed.append(contentsOf: $0) }
        if let place = outline.member("model", of: outline.root, in: bytes) {
            let range = outline[place].range
            renamed.append(contentsOf: bytes[..<range.lowerBound])
            renamed.append(contentsOf: name)
            renamed.append(contentsOf: bytes[range.upperBound...])
        } else {
            renamed.append(contentsOf: bytes)
        }
        suffix.withUTF8Buffer { unsafe renamed.append(contentsOf: $0) }
        return renamed
    }
}
