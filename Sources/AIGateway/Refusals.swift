import HTTPCore
import JSON

extension OpenResponse {
    /// Bytes of an error that are read, and kept as its text.
    private static let longestError = 1 << 20
    private static let longestErrorText = 4096

    var isSuccess: Bool { (200..<300).contains(status) }
    var logID: String? { headers.first("cf-aig-log-id") }
    var requestID: String? { headers.first("cf-ai-req-id") }

    /// The media type, in lower case and without parameters.
    var mediaType: String {
        let field = headers.first("content-type") ?? ""
        return field.prefix { $0 != ";" }.split(separator: " ").joined().lowercased()
    }

    /// The error of a run. A body with an `internalCode` names its own error; one with `errors` does not.
    func runRefusal() async throws(AIError) -> AIRefusal {
        let (body, text) = try await errorBody()
        if let code = body?["internalCode"]?.intValue, code != 0 {
            return refusal(body?["name"]?.stringValue, code, body?["description"]?.stringValue ?? "")
        }
        if let first = body?["errors"]?[0] {
            return refusal(nil, first["code"]?.intValue, first["message"]?.stringValue ?? "")
        }
        return refusal(nil, nil, text)
    }

    /// The error of another call: the first message of the answer's `errors`.
    func callRefusal(_ name: String, fallback: String? = nil) async throws(AIError) -> AIRefusal {
        let (body, text) = try await errorBody()
        let first = body?["errors"]?[0]
        return refusal(name, first?["code"]?.intValue, first?["message"]?.stringValue ?? fallback ?? text)
    }

    private func errorBody() async throws(AIError) -> (body: JSONValue?, text: String) {
        let bytes = try await collect(limit: Self.longestError)
        let text = String(decoding: bytes.prefix(Self.longestErrorText), as: UTF8.self)
        return (try? JSONValue(parsing: bytes), text.isEmpty ? "an answer without a body" : text)
    }

    private func refusal(_ name: String?, _ code: Int?, _ message: String) -> AIRefusal {
        AIRefusal(
            name: name ?? "InferenceUpstreamError", code: code, message: message, status: status, requestID: requestID)
    }
}
