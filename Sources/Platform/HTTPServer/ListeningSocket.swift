import Glibc

/// A bound, listening TCP socket and the address it got. Whoever connects waits until there is a server on it.
public struct ListeningSocket: ~Copyable, Sendable {
    private let descriptor: Int32
    private var isOurs = true
    /// `HOST:PORT`, or `[HOST]:PORT` for IPv6.
    public let address: String

    private static let backlog: Int32 = 1024

    deinit {
        if isOurs { close(descriptor) }
    }

    /// The descriptor, which is the taker's to close.
    consuming func take() -> Int32 {
        isOurs = false
        return descriptor
    }

    public init(host: String, port: UInt16) throws(ListenError) {
        let candidates = unsafe try ListeningSocket.resolve(host: host, port: port)
        defer { unsafe freeaddrinfo(candidates) }
        var reason = "no address"
        var next: UnsafeMutablePointer<addrinfo>? = unsafe candidates
        while let candidate = unsafe next {
            let descriptor = unsafe ListeningSocket.open(candidate.pointee)
            if descriptor >= 0, let address = ListeningSocket.boundAddress(of: descriptor) {
                self.descriptor = descriptor
                self.address = address
                return
            }
            reason = unsafe String(cString: strerror(errno))
            unsafe next = unsafe candidate.pointee.ai_next
        }
        throw .addressNotUsable("\(host):\(port): \(reason)")
    }

    private static func resolve(
        host: String, port: UInt16
    ) throws(ListenError) -> UnsafeMutablePointer<addrinfo> {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host, String(port), &hints, &found)
        guard status == 0, let found = unsafe found else {
            throw .addressNotUsable(unsafe "\(host):\(port): \(String(cString: gai_strerror(status)))")
        }
        return unsafe found
    }

    private static func open(_ candidate: addrinfo) -> Int32 {
        let type = unsafe candidate.ai_socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = unsafe socket(candidate.ai_family, type, candidate.ai_protocol)
        guard descriptor >= 0 else { return -1 }
        var on: Int32 = 1
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard unsafe bind(descriptor, candidate.ai_addr, candidate.ai_addrlen) == 0, listen(descriptor, backlog) == 0
        else {
            let reason = errno
            close(descriptor)
            errno = reason
            return -1
        }
        return descriptor
    }

    private static func boundAddress(of descriptor: Int32) -> String? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return unsafe withUnsafeMutablePointer(to: &storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard unsafe getsockname(descriptor, address, &length) == 0 else { return nil }
                return unsafe SocketAddress.text(of: address, length: length)
            }
        }
    }
}

enum SocketAddress {
    static func text(of address: UnsafePointer<sockaddr>, length: socklen_t) -> String? {
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var port = [CChar](repeating: 0, count: 32)
        let status = unsafe getnameinfo(
            address, length, &host, socklen_t(host.count), &port, socklen_t(port.count), NI_NUMERICHOST | NI_NUMERICSERV
        )
        guard status == 0 else { return nil }
        let hostText = string(host)
        return hostText.contains(":") ? "[\(hostText)]:\(string(port))" : "\(hostText):\(string(port))"
    }

    private static func string(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
