import Dialects
import Domain
import JSON
import NamedGateways

extension RunConverters {
    /// Models of others take OpenAI's forms and answer in them, told whose key was used. Hosted models take forms of
    /// their own besides, and answer chats and embeddings in their own.
    public static let standard = RunConverters { model, known, input, scanner throws(GatewayError) in
        let isHosted = ModelName.isHosted(model)
        if known?.modality == .embedding {
            return RunConversion(
                operation: .embeddings, body: try RunInput.embeddings(input, model: model, scanner: scanner),
                whole: isHosted ? hostedEmbeddings : withMetadata)
        }
        let run = try RunInput(input, model: model, isHosted: isHosted, scanner: scanner)
        guard run.variant == .chat else {
            try checkResponses(model, known)
            return RunConversion(
                operation: .responses, body: run.body, whole: isHosted ? asItIs : withMetadata)
        }
        guard isHosted else { return RunConversion(operation: .chat, body: run.body, whole: withMetadata) }
        guard !run.isStream || !run.wantsJSON else {
            throw GatewayError(
                .invalidValue, "JSON mode is not possible with `stream`. Leave one of them out.",
                param: "response_format")
        }
        let wantsJSON = run.wantsJSON
        return RunConversion(
            operation: .chat, body: run.body,
            whole: { answer, _, scanner throws(GatewayError) in
                try RunNative.answer(answer, wantsJSON: wantsJSON, scanner: scanner)
            }, stream: { stream, scanner in HostedStream(stream, scanner) })
    }

    private static let withMetadata: RunConversion.Whole = { answer, keySource, scanner in
        guard let source = keySource.flatMap({ RunKeySource(rawValue: $0.rawValue) }) else { return answer }
        return RunMetadata.added(to: answer, keySource: source, scanner: scanner)
    }

    private static let hostedEmbeddings: RunConversion.Whole = { answer, _, scanner throws(GatewayError) in
        try RunNative.embeddings(answer, scanner: scanner)
    }

    private static let asItIs: RunConversion.Whole = { answer, _, _ in answer }

    /// A model whose forms are known to be others has no such endpoint.
    private static func checkResponses(_ model: String, _ known: Model?) throws(GatewayError) {
        let formats = known?.page.requestFormats ?? []
        guard formats.isEmpty || formats.contains("responses") else {
            throw GatewayError(.invalidValue, "`\(model)` takes `messages`, not `input`.", param: "input")
        }
    }
}

/// A chat stream in the form of hosted models.
private final class HostedStream: GatewayStream, @unchecked Sendable {
    // Guard: confined to the loop of its call, as the stream it reads is.
    private let stream: any GatewayStream
    private let scanner: JSONScanner
    private var form = RunNativeStream()

    init(_ stream: any GatewayStream, _ scanner: JSONScanner) {
        self.stream = stream
        self.scanner = scanner
    }

    /// Is read to its end even when its form failed before: only then the call is settled.
    func next() async -> GatewayStreamStep {
        while true {
            let step = await stream.next()
            guard case .bytes(let bytes) = step else { return step }
            let converted = form.convert(bytes, scanner: scanner)
            if !converted.isEmpty { return .bytes(converted) }
        }
    }

    func clientLeft() async {
        await stream.clientLeft()
    }
}
