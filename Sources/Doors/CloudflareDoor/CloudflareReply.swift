import Domain
import HTTPCore
import HTTPServer
public import JSON

/// What a management route answers.
public struct CloudflareReply: Sendable {
    let status: Int
    let body: [UInt8]
    let contentType: String

    /// `{"result":…,"success":true,"errors":[],"messages":[]}`
    public static func result(_ value: JSONValue, status: Int = 200) -> CloudflareReply {
        .bare(.object(envelope(value)), status: status)
    }

    /// One page of a list. A page past the end is an empty one: clients read on until they see it.
    public static func list(_ page: CloudflarePage, _ elements: [JSONValue], total: Int) -> CloudflareReply {
        list(page, elements, total: total, more: [:])
    }

    /// - Parameter more: What else `result_info` tells.
    public static func list(
        _ page: CloudflarePage, _ elements: [JSONValue], total: Int, more: JSONObject
    ) -> CloudflareReply {
        var object = envelope(.array(elements))
        var info: JSONObject = [
            "page": .int(page.number), "per_page": .int(page.size), "count": .int(elements.count),
            "total_count": .int(total), "total_pages": .int((total + page.size - 1) / page.size),
        ]
        info.members += more.members
        object.append("result_info", .object(info))
        return .bare(.object(object), status: 200)
    }

    /// JSON without an envelope.
    public static func bare(_ value: JSONValue, status: Int = 200) -> CloudflareReply {
        CloudflareReply(status: status, body: value.serialized(), contentType: "application/json")
    }

    /// Bytes as they are.
    public static func raw(_ body: [UInt8], contentType: String, status: Int = 200) -> CloudflareReply {
        CloudflareReply(status: status, body: body, contentType: contentType)
    }

    private static func envelope(_ result: JSONValue) -> JSONObject {
        ["result": result, "success": true, "errors": [], "messages": []]
    }

    func response(_ requestID: RequestID) -> HTTPResponse {
        var headers = HeaderFields()
        headers.append("Content-Type", contentType)
        headers.append("X-Request-Id", requestID.rawValue)
        headers.append("Cache-Control", "no-store")
        return HTTPResponse(status: status, headers: headers, body: body)
    }
}
