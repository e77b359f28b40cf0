import Domain
import JSON
import Routing

/// How much of a list is wanted: `limit` entries behind the one with the id `after`.
struct Paging {
    static let most = 1_000

    let limit: Int
    let after: String?

    init(_ query: QueryParameters, usual: Int = Paging.most) throws(GatewayError) {
        limit = try Self.limit(query, usual: usual)
        after = query.first("after")
    }

    static func limit(_ query: QueryParameters, usual: Int) throws(GatewayError) -> Int {
        guard let text = query.first("limit") else { return usual }
        guard let limit = Int(text), (1...most).contains(limit) else {
            throw RequestFields.invalid("limit", "must be a number from 1 to \(most).")
        }
        return limit
    }

    func reply<Element>(
        _ elements: [Element], id: (Element) -> String, _ json: (Element) -> JSONObject
    ) throws(GatewayError) -> ManagementReply {
        var rest = elements[...]
        if let after {
            guard let index = elements.firstIndex(where: { id($0) == after }) else {
                throw RequestFields.invalid("after", "is none of the ids in this list.")
            }
            rest = elements[(index + 1)...]
        }
        let page = rest.prefix(limit)
        return .json([
            "object": "list", "data": .array(page.map { .object(json($0)) }),
            "has_more": .bool(page.count < rest.count),
        ])
    }

    /// Lists leave out what is over unless `status=all` asks for it.
    static func includesAll(_ query: QueryParameters) throws(GatewayError) -> Bool {
        switch query.first("status") {
        case nil, "active": false
        case "all": true
        default: throw RequestFields.invalid("status", "must be `active` or `all`.")
        }
    }
}
