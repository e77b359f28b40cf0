import Domain
import HTTPCore
import HTTPServer
public import JSON
import Routing

/// What a route answers.
public struct ManagementReply: Sendable {
    private let status: Int
    private let body: [UInt8]
    private let contentType: String
    private let fileName: String?

    public static func json(_ value: JSONValue, status: Int = 200) -> ManagementReply {
        ManagementReply(status: status, body: value.serialized(), contentType: "application/json", fileName: nil)
    }

    static func csv(_ table: Table, fileName: String) -> ManagementReply {
        ManagementReply(
            status: 200, body: table.csv, contentType: "text/csv; charset=utf-8; header=present", fileName: fileName)
    }

    func response(_ requestID: RequestID) -> HTTPResponse {
        var headers = OpenAIHeaders.base(requestID, contentType: contentType)
        // Balances, usage and keys just made are for nobody's cache.
        headers.append("Cache-Control", "no-store")
        if let fileName { headers.append("Content-Disposition", "attachment; filename=\"\(fileName)\"") }
        return HTTPResponse(status: status, headers: headers, body: body)
    }
}
