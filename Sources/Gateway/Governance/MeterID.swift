/// Names the counters of one rule of a gateway, or of one limit of its routes.
public struct MeterID: Hashable, Sendable {
    public let place: GatewayPlace
    let name: String

    private init(_ name: String, in place: GatewayPlace) {
        self.place = place
        self.name = name
    }

    /// A spend limit. Its counters outlive a change of anything but its id and its window.
    public static func rule(_ id: String, in place: GatewayPlace) -> MeterID {
        MeterID(Self.rulePrefix + id, in: place)
    }

    /// A `rate` element of a route.
    public static func element(_ id: String, ofRoute route: String, in place: GatewayPlace) -> MeterID {
        MeterID(Self.routePrefix(route) + id, in: place)
    }

    static let rulePrefix = "rule/"

    static func routePrefix(_ route: String) -> String { "route/\(route)/" }
}
