/// What stands behind the `?` of a path, taken apart.
public struct QueryParameters: Sendable {
    private let pairs: [(name: String, value: String)]

    /// More are not looked at.
    private static let mostPairs = 100

    public init(_ query: String) {
        pairs = query.split(separator: "&").prefix(Self.mostPairs).compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(parts[0]), let value = Self.decode(parts.count > 1 ? parts[1] : "") else {
                return nil
            }
            return (name, value)
        }
    }

    /// The first value under a name that is not empty.
    public func first(_ name: String) -> String? {
        pairs.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// All values under a name, as they are.
    public func every(_ name: String) -> [String] {
        pairs.filter { $0.name == name }.map(\.value)
    }

    /// All values under a name, those in one value with commas between them too.
    public func all(_ name: String) -> [String] {
        pairs.filter { $0.name == name }.flatMap { $0.value.split(separator: ",").map(String.init) }
    }

    private static func decode(_ text: Substring) -> String? {
        PercentEncoding.decode(String(text.map { $0 == "+" ? " " : $0 }))
    }
}
