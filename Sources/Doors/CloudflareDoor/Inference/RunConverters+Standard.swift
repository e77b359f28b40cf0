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
        let run = try RunInput(
            try RunInputRules.applied(to: input, isHosted: isHosted, scanner), model: model, isHosted: isHosted,
            scanner: scanner)
        guard run.variant == .chat else {
            try checkResponses(model, known)
            guard isSpoken(.responses, by: known) else {
                return try responsesByChat(run.body, whole: isHosted ? asItIs : withMetadata, scanner)
            }
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
            },
            stream: { stream, scanner in
                var form = RunNativeStream()
                return ConvertedStream(stream) { form.convert($0, scanner: scanner) }
            })
    }

    private static let withMetadata: RunConversion.Whole = { answer, keySource, scanner in
        guard let source = keySource.flatMap({ RunKeySource(rawValue: $0.rawValue) }) else { return answer }
        return RunMetadata.added(to: answer, keySource: source, scanner: scanner)
    }

    private static let hostedEmbeddings: RunConversion.Whole = { answer, _, scanner throws(GatewayError) in
        try RunNative.embeddings(answer, scanner: scanner)
    }

    static let asItIs: RunConversion.Whole = { answer, _, _ in answer }

    /// A model whose forms are known to be others has no such endpoint.
    private static func checkResponses(_ model: String, _ known: Model?) throws(GatewayError) {
        let formats = known?.page.requestFormats ?? []
        guard formats.isEmpty || formats.contains("responses") else {
            throw GatewayError(.invalidValue, "`\(model)` takes `messages`, not `input`.", param: "input")
        }
    }

    // MARK: Responses by way of chat

    /// Vendors that speak Responses themselves.
    private static let responsesVendors: Set<String> = ["openai", "xai"]

    /// Whether a model's vendor speaks a form itself. Of one that is not known, it must be found out by asking.
    static func isSpoken(_ operation: GatewayStep.Operation, by known: Model?) -> Bool {
        guard operation == .responses, let known else { return true }
        return responsesVendors.contains(known.provider.rawValue)
    }

    /// - Parameter body: Names its model.
    static func responsesByChat(
        _ body: [UInt8], whole: @escaping RunConversion.Whole = asItIs, _ scanner: JSONScanner
    ) throws(GatewayError) -> RunConversion {
        let input = try ResponsesInput(body, scanner: scanner)
        return RunConversion(
            operation: .chat, body: input.chat,
            whole: { answer, keySource, scanner throws(GatewayError) in
                try whole(try ResponsesAnswer.whole(answer, for: input, scanner: scanner), keySource, scanner)
            },
            stream: { stream, scanner in
                var form = ResponsesStream(for: input)
                return ConvertedStream(stream) { form.convert($0, scanner: scanner) }
            })
    }
}
