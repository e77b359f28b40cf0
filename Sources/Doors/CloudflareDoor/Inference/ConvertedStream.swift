import NamedGateways

/// A stream in another form than the gateway sends it.
final class ConvertedStream: GatewayStream, @unchecked Sendable {
    // Guard: confined to the loop of its call, as the stream it reads is.
    private let stream: any GatewayStream
    private let convert: ([UInt8]) -> [UInt8]

    init(_ stream: any GatewayStream, _ convert: @escaping ([UInt8]) -> [UInt8]) {
        self.stream = stream
        self.convert = convert
    }

    /// Is read to its end even when its form failed before: only then the call is settled.
    func next() async -> GatewayStreamStep {
        while true {
            let step = await stream.next()
            guard case .bytes(let bytes) = step else { return step }
            let converted = convert(bytes)
            if !converted.isEmpty { return .bytes(converted) }
        }
    }

    func clientLeft() async {
        await stream.clientLeft()
    }
}
