import CMicroHTTPD
import Glibc
import HTTPCore

/// A response of the HTTP library, made on a loop and sent by the library's thread.
@safe
final class PreparedResponse: @unchecked Sendable {
    // Guard: made whole before it is shared; the library counts references with its own lock.

    let status: Int
    let response: OpaquePointer

    init?(_ answer: HTTPResponse) {
        let count = answer.body.count
        // The library frees this copy; an array's memory is not its to free.
        guard let copy = unsafe malloc(max(count, 1)) else { return nil }
        unsafe answer.body.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { unsafe memcpy(copy, base, count) }
        }
        guard let made = unsafe MHD_create_response_from_buffer(count, copy, .RESPMEM_MUST_FREE) else {
            unsafe free(copy)
            return nil
        }
        status = answer.status
        unsafe response = unsafe made
        add(answer.headers)
    }

    /// A body that comes in pieces, pulled from `pipe` by the library's thread.
    init?(status: Int, headers: HeaderFields, pipe: BodyPipe) {
        let context = unsafe Unmanaged.passRetained(pipe)
        let made = unsafe MHD_create_response_from_callback(
            UInt64.max, 16 << 10, readPipe, context.toOpaque(), releasePipe)
        guard let made = unsafe made else {
            unsafe context.release()
            return nil
        }
        self.status = status
        unsafe response = unsafe made
        add(headers)
    }

    private func add(_ headers: HeaderFields) {
        unsafe headers.withEachField { name, value in
            unsafe MHD_add_response_header(response, name, value)
        }
    }

    deinit {
        unsafe MHD_destroy_response(response)
    }
}

private func readPipe(
    _ context: UnsafeMutableRawPointer?, _ position: UInt64, _ buffer: UnsafeMutablePointer<CChar>?, _ room: Int
) -> Int {
    guard let context = unsafe context, let buffer = unsafe buffer else { return endWithError }
    let pipe = unsafe Unmanaged<BodyPipe>.fromOpaque(context).takeUnretainedValue()
    return unsafe pipe.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: room))
}

private func releasePipe(_ context: UnsafeMutableRawPointer?) {
    guard let context = unsafe context else { return }
    unsafe Unmanaged<BodyPipe>.fromOpaque(context).release()
}

/// The library's own constants are casts, which Swift does not import.
let endOfStream = -1
let endWithError = -2
