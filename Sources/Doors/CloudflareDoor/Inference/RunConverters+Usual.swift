import Dialects
import Domain
import JSON
import NamedGateways

extension RunConverters {
    /// Hosted models take and give their own form as well; Responses become chat where a vendor speaks nothing else.
    public static let usual = RunConverters { model, known, input, scanner throws(GatewayError) in
        guard ModelName.isHosted(model) else {
            let plain = try thirdParty.convert(model, known, input, scanner)
            guard plain.operation == .responses, let known, !ResponsesRun.isSpoken(by: known) else { return plain }
            return try ResponsesRun.conversion(plain.body, namesKey: true, scanner)
        }
        if known?.modality == .embedding { return try hostedEmbeddings(model, input, scanner) }
        let run = try RunInput(input, model: model, isHosted: true, scanner: scanner)
        guard run.variant == .chat else { return try ResponsesRun.conversion(run.body, namesKey: false, scanner) }
        return RunConversion(
            operation: .chat, body: run.body,
            whole: { answer, _, scanner throws(GatewayError) in
                try RunNative.answer(answer, wantsJSON: run.wantsJSON, scanner: scanner)
            },
            stream: { stream in
                var native = RunNativeStream()
                return ConvertedStream(stream) { native.convert($0, scanner: $1) }
            })
    }

    private static func hostedEmbeddings(
        _ model: String, _ input: [UInt8], _ scanner: JSONScanner
    ) throws(GatewayError) -> RunConversion {
        RunConversion(
            operation: .embeddings, body: try RunInput.embeddings(input, model: model, scanner: scanner),
            whole: { answer, _, scanner throws(GatewayError) in
                try RunNative.embeddings(answer, scanner: scanner)
            })
    }
}

/// Responses by way of chat.
enum ResponsesRun {
    /// Vendors that speak Responses themselves.
    private static let speakers: Set<String> = ["openai", "xai"]

    static func isSpoken(by model: Model) -> Bool { speakers.contains(model.provider.rawValue) }

    /// - Parameter body: Names its model.
    static func conversion(
        _ body: [UInt8], namesKey: Bool, _ scanner: JSONScanner
    ) throws(GatewayError) -> RunConversion {
        let input = try ResponsesInput(body, scanner: scanner)
        return RunConversion(
            operation: .chat, body: input.chat,
            whole: { answer, keySource, scanner throws(GatewayError) in
                let response = try ResponsesAnswer.whole(answer, for: input, scanner: scanner)
                return namesKey ? RunConverters.withMetadata(response, keySource, scanner) : response
            },
            stream: { stream in
                var responses = ResponsesStream(for: input)
                return ConvertedStream(stream) { responses.convert($0, scanner: $1) }
            })
    }
}
