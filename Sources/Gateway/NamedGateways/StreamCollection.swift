import Domain

/// Waits for all of a stream, where none of it may go out before it was looked at.
enum StreamCollection {
    /// Nobody keeps more of an answer for that.
    static let mostBytes = 64 << 20

    static func whole(_ stream: any ProviderStream) async throws(GatewayError) -> [UInt8] {
        var body: [UInt8] = []
        while true {
            switch await stream.next() {
            case .bytes(let bytes):
                body.append(contentsOf: bytes)
                guard body.count <= mostBytes else {
                    await stream.clientLeft()
                    throw GatewayError(
                        .providerError,
                        "The provider's answer is longer than the \(mostBytes) bytes that can be looked at.")
                }
            case .end: return body
            case .failed(let error): throw error
            }
        }
    }
}
