import Domain
import HTTPCore
import HTTPServer
public import JSON

/// What a management route answers.
public struct CloudflareReply: Sendable {
    let status: Int
    let body: [UInt8]
    let contentType: String
    var cacheControl = "no-store"

    /// `{"result":…,"success":true,"errors":[],"messages":[]}`
    public static func result(_ value: JSONValue, status: Int = 200) -> CloudflareReply {
        .bare(.object(envelope(value)), status: status)
    }

    /// One page of a list. A page past the end is an empty one: clients read on until they see it.
    ///
    /// - Parameters:
    ///   - more: What else `result_info` tells.
    ///   - beside: What else stands in the envelope.
    public static func list(
        _ page: CloudflarePage, _ elements: [JSONValue], total: Int, more: JSONObject = [:], beside: JSONObject = [:]
    ) -> CloudflareReply {
        var object = envelope(.array(elements))
        var info: JSONObject = [
            "page": .int(page.number), "per_page": .int(page.size), "count": .int(elements.count),
            "total_count": .int(total), "total_pages": .int((total + page.size - 1) / page.size),
        ]
        info.members += more.members
        object.append("result_info", .object(info))
        object.members += beside.members
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

    /// JSON without an envelope that anybody may keep for a while.
    public static func shared(_ value: JSONValue) -> CloudflareReply {
        var reply = bare(value)
        reply.cacheControl = "public, max-age=\(sharedSeconds)"
        return reply
    }

    /// Catalogues change rarely, and nobody minds to learn of it minutes later.
    private static let sharedSeconds = 300

    private static func envelope(_ result: JSONValue) -> JSONObject {
        ["result": result, "success": true, "errors": [], "messages": []]
    }

    func response(_ requestID: RequestID) -> HTTPResponse {
        var headers = HeaderFields()
        headers.append("Content-Type", contentType)
        headers.append("X-Request-Id", requestID.rawValue)
        headers.append("Cache-Control", cacheControl)
        return HTTPResponse(status: status, headers: headers, body: body)
    }
}
