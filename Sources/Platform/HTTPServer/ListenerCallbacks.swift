import CMicroHTTPD
import EventLoop
import Glibc
import HTTPCore
import Synchronization

// What the HTTP library calls, on its own threads. Each finds its listener through an unretained pointer
// that the listener outlives, because it stops the library before it goes.

func installCallbacks(_ options: inout aig_mhd_configuration) {
    unsafe options.on_request = onRequest
    unsafe options.on_request_line = onRequestLine
    unsafe options.on_completed = onCompleted
    unsafe options.on_connection = onConnection
    unsafe options.unescape = keepEscapes
}

private func listener(_ context: UnsafeMutableRawPointer?) -> HTTPListener? {
    unsafe context.map { unsafe Unmanaged<HTTPListener>.fromOpaque($0).takeUnretainedValue() }
}

private func onConnection(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ event: MHD_ConnectionNotificationCode
) {
    guard let listener = unsafe listener(context), let slot = unsafe slot else { return }
    if event == .CONNECTION_NOTIFY_STARTED {
        let socket = unsafe aig_mhd_socket(connection)
        let accepted = listener.registry.add(
            socket: socket, address: unsafe PeerAddress.text(aig_mhd_peer(connection)), loops: listener.loops,
            isEncrypted: listener.configuration.tls != nil)
        _ = listener.registrations[ObjectIdentifier(accepted.loop)]?.add(socket, token: accepted.token)
        unsafe slot.pointee = unsafe Unmanaged.passRetained(accepted).toOpaque()
    } else if let opaque = unsafe slot.pointee {
        let closing = unsafe Unmanaged<Connection>.fromOpaque(opaque).takeRetainedValue()
        listener.registry.remove(closing)
        unsafe slot.pointee = nil
    }
}

private func onRequestLine(
    _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let target = unsafe target, let connection = unsafe connection,
        let opaque = unsafe aig_mhd_socket_context(connection)
    else { return nil }
    let peer = unsafe Unmanaged<Connection>.fromOpaque(opaque).takeUnretainedValue()
    let exchange = unsafe Exchange(peer: peer, connection: connection, target: String(cString: target))
    peer.began(exchange)
    return unsafe Unmanaged.passRetained(exchange).toOpaque()
}

private func onRequest(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ url: UnsafePointer<CChar>?,
    _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?, _ upload: UnsafePointer<CChar>?,
    _ uploadSize: UnsafeMutablePointer<Int>?, _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let listener = unsafe listener(context), let connection = unsafe connection,
        let opaque = unsafe slot?.pointee, let uploadSize = unsafe uploadSize
    else { return .NO }
    let exchange = unsafe Unmanaged<Exchange>.fromOpaque(opaque).takeUnretainedValue()
    if exchange.beginBody() {
        return unsafe listener.accept(exchange, connection: connection, method: method)
    }
    if unsafe uploadSize.pointee > 0 {
        unsafe exchange.receivedBody(
            UnsafeRawBufferPointer(start: upload, count: uploadSize.pointee),
            limit: listener.configuration.maximumBodyBytes)
        unsafe uploadSize.pointee = 0
        return .YES
    }
    if let response = exchange.takeResponse() {
        return unsafe MHD_queue_response(connection, UInt32(response.status), response.response)
    }
    if exchange.mustClose { return .NO }
    if let refusal = exchange.pendingRefusal {
        return unsafe listener.refuse(refusal, connection: connection)
    }
    return unsafe listener.start(exchange, connection: connection)
}

private func onCompleted(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ code: MHD_RequestTerminationCode
) {
    guard let opaque = unsafe slot?.pointee else { return }
    unsafe slot?.pointee = nil
    let exchange = unsafe Unmanaged<Exchange>.fromOpaque(opaque).takeRetainedValue()
    exchange.peer.entered(.awaitingHead(isFirst: false))
    exchange.completed(cleanly: code == .REQUEST_TERMINATED_COMPLETED_OK)
}

/// Ids hold percent-encoded slashes, so the path is passed on as it came.
private func keepEscapes(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ text: UnsafeMutablePointer<CChar>?
) -> Int {
    guard let text = unsafe text else { return 0 }
    return unsafe strlen(text)
}

extension HTTPListener {
    /// A body longer than this many times its limit is not read to its end, but cut off.
    private static let discardFactor = 4

    fileprivate func accept(
        _ exchange: Exchange, connection: OpaquePointer, method: UnsafePointer<CChar>?
    ) -> MHD_Result {
        let headers = unsafe collectHeaders(connection)
        let expected = headers.first("content-length").flatMap { Int($0) }
        let method = unsafe method.map { unsafe String(cString: $0) } ?? ""
        exchange.receivedHead(method: method, headers: headers, expectedBodyBytes: expected, limits: configuration)
        exchange.peer.entered(.readingBody)
        if let refusal = exchange.pendingRefusal, mustRefuseAtOnce(refusal, headers, expected) {
            return unsafe refuse(refusal, connection: connection)
        }
        return .YES
    }

    /// A refused body is still read, so that its client is there to read the answer. Not so when its end is in
    /// doubt, when it is absurdly long, or when the client waits for leave to send it.
    private func mustRefuseAtOnce(_ refusal: ServerRefusal, _ headers: HeaderFields, _ expected: Int?) -> Bool {
        refusal == .ambiguousLength || headers.count(of: "expect") > 0
            || expected.map { $0 / Self.discardFactor > configuration.maximumBodyBytes } ?? false
    }

    fileprivate func refuse(_ refusal: ServerRefusal, connection: OpaquePointer) -> MHD_Result {
        var response = handler.refuse(refusal)
        if refusal == .ambiguousLength || refusal == .closing { response.headers.append("Connection", "close") }
        guard let prepared = PreparedResponse(response) else { return .NO }
        return unsafe MHD_queue_response(connection, UInt32(prepared.status), prepared.response)
    }

    /// Hands the whole request to its loop, or refuses it.
    fileprivate func start(_ exchange: Exchange, connection: OpaquePointer) -> MHD_Result {
        if let refusal = admit() { return unsafe refuse(refusal, connection: connection) }
        let loop = exchange.peer.loop
        let head = exchange.head
        let request = HTTPRequest(
            method: head.method, path: head.path, query: head.query, headers: head.headers, body: exchange.takeBody(),
            loop: loop, arrivedAt: head.arrivedAt, clientAddress: exchange.peer.address)
        let responder = Origin(configuration: configuration, handler: handler, loop: loop)
        exchange.peer.entered(.working)
        exchange.suspend()
        let task = Task(executorPreference: loop) {
            await self.handler.handle(request, HTTPResponder(exchange: exchange, origin: responder))
            self.inFlight.subtract(1, ordering: .sequentiallyConsistent)
        }
        exchange.run(task)
        return .YES
    }

    /// Counts one more request. The library must not be ended while a connection is suspended, so a request is counted
    /// before it is asked whether the end has begun, and the end waits for the count to be zero.
    private func admit() -> ServerRefusal? {
        let count = inFlight.add(1, ordering: .sequentiallyConsistent).newValue
        let isClosing = isClosing.load(ordering: .sequentiallyConsistent)
        guard isClosing || count > configuration.maximumInFlight else { return nil }
        inFlight.subtract(1, ordering: .sequentiallyConsistent)
        return isClosing ? .closing : .overloaded(limit: configuration.maximumInFlight)
    }
}

private typealias Origin = HTTPResponder.Origin

private func collectHeaders(_ connection: OpaquePointer) -> HeaderFields {
    var headers = HeaderFields()
    unsafe withUnsafeMutablePointer(to: &headers) { headers in
        _ = unsafe MHD_get_connection_values_n(connection, .HEADER_KIND, appendHeader, headers)
    }
    return headers
}

private func appendHeader(
    _ context: UnsafeMutableRawPointer?, _ kind: MHD_ValueKind, _ name: UnsafePointer<CChar>?, _ nameLength: Int,
    _ value: UnsafePointer<CChar>?, _ valueLength: Int
) -> MHD_Result {
    guard let headers = unsafe context?.assumingMemoryBound(to: HeaderFields.self) else { return .NO }
    unsafe headers.pointee.append(
        UnsafeRawBufferPointer(start: name, count: nameLength).bytes,
        UnsafeRawBufferPointer(start: value, count: valueLength).bytes)
    return .YES
}
