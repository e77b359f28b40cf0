import EventLoop
import Foundation
import HTTPClient
import HTTPCore
import HTTPServer
import Testing

/// A handler made of closures.
struct TestHandler: HTTPHandler {
    let body: @Sendable (HTTPRequest, consuming HTTPResponder) async -> Void

    func handle(_ request: HTTPRequest, _ responder: consuming HTTPResponder) async {
        await body(request, responder)
    }

    func refuse(_ refusal: ServerRefusal) -> HTTPResponse {
        let status =
            switch refusal {
            case .headerTooLarge: 431
            case .ambiguousLength: 400
            case .bodyTooLarge: 413
            case .headTimeout, .bodyTimeout: 408
            case .overloaded, .closing: 503
            case .unanswered: 500
            }
        return HTTPResponse(status: status, headers: ["Content-Type": "text/plain"], body: Array("\(refusal)".utf8))
    }
}

/// A server on a free port for the length of one closure.
func withServer<Result: Sendable>(
    _ adjust: (inout ServerConfiguration) -> Void = { _ in },
    handler: @escaping @Sendable (HTTPRequest, consuming HTTPResponder) async -> Void,
    _ body: (_ address: String, _ loop: LoopThread, _ listener: HTTPListener) async throws -> Result
) async throws -> Result {
    let loop = LoopThread(name: "test")
    var configuration = ServerConfiguration(host: "127.0.0.1", port: 0)
    adjust(&configuration)
    let listener = try await HTTPListener(configuration, loops: [loop], handler: TestHandler(body: handler))
    let result: Swift.Result<Result, any Error>
    do {
        result = .success(try await body(listener.address, loop, listener))
    } catch {
        result = .failure(error)
    }
    await listener.shutdown(graceMilliseconds: 500)
    loop.stop()
    return try result.get()
}

/// A plain blocking socket, for what a well-behaved client would never send.
final class RawClient: Sendable {
    let descriptor: Int32

    init(_ address: String) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = UInt16(address.split(separator: ":")[1])!.bigEndian
        target.sin_addr.s_addr = inet_addr("127.0.0.1")
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let status = withUnsafePointer(to: &target) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw POSIXError(.ECONNREFUSED) }
    }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// Reads until the text holds `mark`, or the server closes.
    func read(until mark: String? = nil) -> String {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while mark.map({ !text.contains($0) }) ?? true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        return text
    }

    func closeSendingSide() { shutdown(descriptor, Int32(SHUT_WR)) }

    deinit { close(descriptor) }
}

/// Runs blocking socket work away from the tasks' own threads.
func blocking<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result { try work() }) }
    }
}

/// An event a test waits for instead of sleeping.
final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func fire() { continuation.yield() }

    func wait() async {
        for await _ in stream { return }
    }
}
