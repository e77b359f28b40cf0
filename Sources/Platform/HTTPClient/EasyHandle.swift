import CCurl
import Glibc

/// One libcurl handle. Kept and used again, because making one costs more than a request.
///
/// libcurl knows it by an unretained pointer: whoever has handed it to libcurl holds it until libcurl lets go.
@safe
final class EasyHandle {
    let easy: UnsafeMutableRawPointer
    private(set) var transfer: Transfer?
    /// What the handle was last told, so that it is not told again.
    private var template: RequestTemplate?
    private var connectMilliseconds: UInt64?
    private var extraHeaders: UnsafeMutablePointer<curl_slist>?
    private var bodyBytes = 0

    /// A longer body is freed when its request ends, not when the next one takes its place.
    private static let keptBodyBytes = 64 << 10

    init(client: HTTPClient) {
        guard let easy = unsafe curl_easy_init() else { preconditionFailure("no memory for an HTTP request") }
        unsafe self.easy = unsafe easy
        unsafe aig_easy_callbacks(
            easy, Unmanaged.passUnretained(self).toOpaque(), onBody, onHeader,
            Unmanaged.passUnretained(client).toOpaque(), onCloseSocket)
        setConstants(client.configuration)
    }

    static func from(_ context: UnsafeMutableRawPointer) -> EasyHandle {
        unsafe Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
    }

    private func setConstants(_ configuration: ClientConfiguration) {
        unsafe aig_easy_long(easy, CURLOPT_NOSIGNAL, 1)
        unsafe aig_easy_long(easy, CURLOPT_SSL_VERIFYPEER, 1)
        unsafe aig_easy_long(easy, CURLOPT_SSL_VERIFYHOST, 2)
        unsafe aig_easy_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        unsafe aig_easy_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        unsafe aig_easy_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        unsafe aig_easy_long(easy, CURLOPT_TCP_NODELAY, 1)
        if let file = configuration.certificateAuthorityFile {
            unsafe aig_easy_string(easy, CURLOPT_CAINFO, file)
        }
    }

    /// Says only what differs from the handle's last request: telling is a good part of a request's cost.
    func prepare(_ template: RequestTemplate, body: [UInt8], extra: [(String, String)], transfer: Transfer) {
        self.transfer = transfer
        if self.template !== template { prepare(template) }
        if !extra.isEmpty { prepare(extra, after: template) }
        if transfer.deadlines.connectMilliseconds != connectMilliseconds {
            connectMilliseconds = transfer.deadlines.connectMilliseconds
            unsafe aig_easy_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(transfer.deadlines.connectMilliseconds))
        }
        if template.method.hasBody { prepare(body) }
    }

    private func prepare(_ template: RequestTemplate) {
        self.template = template
        unsafe aig_easy_address(easy, template.address)
        unsafe aig_easy_headers(easy, template.headers)
        // An empty proxy means none, whatever the environment says.
        unsafe aig_easy_string(easy, CURLOPT_PROXY, template.avoidsProxy || !environmentNamesProxy ? "" : nil)
        unsafe aig_easy_long(easy, template.method.hasBody ? CURLOPT_POST : CURLOPT_HTTPGET, 1)
        // The library has two ways to send a request; the name makes a method of it.
        unsafe aig_easy_string(easy, CURLOPT_CUSTOMREQUEST, template.method.rawValue)
    }

    private func prepare(_ body: [UInt8]) {
        bodyBytes = body.count
        unsafe aig_easy_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, body.count)
        unsafe body.withUnsafeBytes { bytes in
            _ = unsafe aig_easy_pointer(easy, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress)
        }
    }

    private func prepare(_ extra: [(String, String)], after template: RequestTemplate) {
        var list: UnsafeMutablePointer<curl_slist>?
        var next = unsafe template.headers
        while let entry = unsafe next {
            unsafe list = unsafe curl_slist_append(list, entry.pointee.data)
            unsafe next = unsafe entry.pointee.next
        }
        for (name, value) in extra where !RequestTemplate.breaksLine(name) && !RequestTemplate.breaksLine(value) {
            unsafe list = unsafe curl_slist_append(list, "\(name): \(value)")
        }
        unsafe extraHeaders = unsafe list
        unsafe aig_easy_headers(easy, list)
    }

    /// After the library has let go of the handle.
    func release() {
        transfer = nil
        if unsafe extraHeaders != nil {
            unsafe curl_slist_free_all(extraHeaders)
            unsafe extraHeaders = nil
            template = nil
        }
        if bodyBytes > Self.keptBodyBytes { unsafe aig_easy_pointer(easy, CURLOPT_COPYPOSTFIELDS, nil) }
    }

    deinit {
        unsafe curl_easy_cleanup(easy)
        unsafe curl_slist_free_all(extraHeaders)
    }
}

/// Whether the environment names any proxy. Looked at once; else the library looks for every request.
private let environmentNamesProxy = ["http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"].contains {
    (name: String) in
    unsafe getenv(name) != nil
}

/// The one system call this room makes itself.
enum SystemSocket {
    static func close(_ descriptor: Int32) -> Int32 {
        Glibc.close(descriptor)
    }
}

private func onBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context = unsafe context, let transfer = unsafe EasyHandle.from(context).transfer else { return 0 }
    return unsafe transfer.receivedBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
}

private func onHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context = unsafe context, let transfer = unsafe EasyHandle.from(context).transfer else { return 0 }
    unsafe transfer.receivedHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
}
