public import Domain
public import Routing

/// Which page of a list is wanted.
public struct CloudflarePage: Hashable, Sendable {
    public static let usualSize = 20
    public static let mostSize = 100
    /// Nobody turns that many pages.
    public static let mostPages = 1_000_000

    /// From 1.
    public let number: Int
    public let size: Int

    public var offset: Int { (number - 1) * size }

    public init(
        _ query: QueryParameters, usual: Int = CloudflarePage.usualSize, most: Int = CloudflarePage.mostSize
    ) throws(GatewayError) {
        number = try Self.number("page", query, 1...Self.mostPages) ?? 1
        size = try Self.number("per_page", query, 1...most) ?? usual
    }

    /// The only page of a list that has no others.
    init(whole count: Int) {
        number = 1
        size = max(1, count)
    }

    /// The elements of a list that lie on this page.
    public func slice<Element>(_ elements: [Element]) -> ArraySlice<Element> {
        elements.dropFirst(offset).prefix(size)
    }

    private static func number(
        _ name: String, _ query: QueryParameters, _ bounds: ClosedRange<Int>
    ) throws(GatewayError) -> Int? {
        guard let text = query.first(name) else { return nil }
        guard let number = Int(text), bounds.contains(number) else {
            throw GatewayError(
                .invalidValue, "`\(name)` must be a number from \(bounds.lowerBound) to \(bounds.upperBound).",
                param: name)
        }
        return number
    }
}
