import JSON
import NamedGateways

/// A stream in another form than the gateway sends it.
final class ConvertedStream: GatewayStream, @unchecked Sendable {
    // Guard: confined to the loop of its call, as the stream it reads is.
    typealias Convert = (_ bytes: [UInt8], _ scanner: JSONScanner) -> [UInt8]

    private let stream: any GatewayStream
    private let convert: Convert
    private let scanner = JSONScanner()

    init(_ stream: any GatewayStream, _ convert: @escaping Convert) {
        self.stream = stream
        self.convert = convert
    }

    func next() async -> GatewayStreamStep {
        while true {
            let step = await stream.next()
            guard case .bytes(let bytes) = step else { return step }
            let converted = convert(bytes, scanner)
            if !converted.isEmpty { return .bytes(converted) }
        }
    }

    func clientLeft() async {
        await stream.clientLeft()
    }
}
