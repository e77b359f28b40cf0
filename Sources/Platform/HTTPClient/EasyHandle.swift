import CCurl
import Glibc

/// One libcurl handle. Kept and used again, because making one costs more than a request.
@safe
final class EasyHandle {
    let easy: UnsafeMutableRawPointer
    private var transfer: Unmanaged<Transfer>?
    private var extraHeaders: UnsafeMutablePointer<curl_slist>?
    private let client: UnsafeMutableRawPointer
    /// Keeps the template's header list alive while the library may read it.
    private var template: RequestTemplate?

    init(client: HTTPClient) {
        guard let easy = unsafe curl_easy_init() else { preconditionFailure("no memory for an HTTP request") }
        unsafe self.easy = unsafe easy
        unsafe self.client = unsafe Unmanaged.passUnretained(client).toOpaque()
        setConstants(client.configuration)
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

    func prepare(
        _ template: RequestTemplate, body: [UInt8], extra: [(String, String)], transfer: Transfer,
        configuration: ClientConfiguration
    ) {
        self.template = template
        let context = unsafe Unmanaged.passRetained(transfer)
        unsafe self.transfer = unsafe context
        unsafe aig_easy_callbacks(easy, context.toOpaque(), onBody, onHeader, client, onCloseSocket)
        unsafe aig_easy_string(easy, CURLOPT_URL, template.url)
        unsafe aig_easy_headers(easy, headerList(template, extra: extra))
        // An empty proxy means none, whatever the environment says.
        unsafe aig_easy_string(easy, CURLOPT_PROXY, template.avoidsProxy ? "" : nil)
        unsafe aig_easy_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(transfer.deadlines.connectMilliseconds))
        switch template.method {
        case .get:
            unsafe aig_easy_long(easy, CURLOPT_HTTPGET, 1)
        case .post:
            unsafe aig_easy_long(easy, CURLOPT_POST, 1)
            unsafe aig_easy_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, body.count)
            unsafe body.withUnsafeBytes { bytes in
                _ = unsafe aig_easy_pointer(easy, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress)
            }
        }
    }

    private func headerList(_ template: RequestTemplate, extra: [(String, String)]) -> UnsafeMutablePointer<curl_slist>? {
        guard !extra.isEmpty else { return unsafe template.headers }
        var list = unsafe template.headers
        unsafe list = nil
        var next = unsafe template.headers
        while let entry = unsafe next {
            unsafe list = unsafe curl_slist_append(list, entry.pointee.data)
            unsafe next = unsafe entry.pointee.next
        }
        for (name, value) in extra where !value.utf8.contains(where: { $0 < 0x20 }) {
            unsafe list = unsafe curl_slist_append(list, "\(name): \(value)")
        }
        unsafe extraHeaders = unsafe list
        return unsafe list
    }

    /// After the library has let go of the handle.
    func release() {
        unsafe transfer?.release()
        unsafe transfer = nil
        unsafe curl_slist_free_all(extraHeaders)
        unsafe extraHeaders = nil
        template = nil
        // Frees the library's copy of a long body now rather than at the next use.
        unsafe aig_easy_pointer(easy, CURLOPT_COPYPOSTFIELDS, nil)
    }

    deinit {
        unsafe curl_easy_cleanup(easy)
    }
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
    guard let context = unsafe context else { return 0 }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return unsafe transfer.receivedBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
}

private func onHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context = unsafe context else { return 0 }
    let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    unsafe transfer.receivedHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
}
