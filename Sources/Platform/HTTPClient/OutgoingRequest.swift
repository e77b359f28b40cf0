import CCurl

/// Where a kind of request goes and what it always says: made once, used for many requests.
@safe
public final class RequestTemplate: @unchecked Sendable {
    // Guard: never changes after init; libcurl only reads the list.

    public enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"

        /// Whether a request of this kind carries a body, be it an empty one.
        var hasBody: Bool { self != .get && self != .delete }
    }

    let method: Method
    let url: String
    let avoidsProxy: Bool
    let headers: UnsafeMutablePointer<curl_slist>?
    /// Taken apart once: the library would else do it for every request.
    let address: OpaquePointer?

    /// `headers` may hold secrets; they are handed to the library and to nobody else.
    /// Header names or values with line breaks are left out, because they would end the header early.
    public init(_ method: Method, url: String, headers: [(String, String)], avoidsProxy: Bool = false) {
        self.method = method
        self.url = url
        self.avoidsProxy = avoidsProxy
        // The library would else wait for "100 Continue" before long bodies, and answer nothing useful with it.
        var list = unsafe curl_slist_append(nil, "Expect:")
        for (name, value) in headers where !Self.breaksLine(name) && !Self.breaksLine(value) {
            unsafe list = unsafe curl_slist_append(list, "\(name): \(value)") ?? list
        }
        unsafe self.headers = unsafe list
        unsafe address = unsafe curl_url()
        _ = unsafe curl_url_set(address, CURLUPART_URL, url, 0)
    }

    static func breaksLine(_ text: String) -> Bool {
        text.utf8.contains { $0 == 0x0A || $0 == 0x0D || $0 == 0 }
    }

    deinit {
        unsafe curl_slist_free_all(headers)
        unsafe curl_url_cleanup(address)
    }
}
