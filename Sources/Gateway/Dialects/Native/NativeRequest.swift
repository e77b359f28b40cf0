public import Domain
public import JSON

/// What must be known of a request that is passed on as it came, to hold enough money for it.
public struct NativeRequestFacts: Hashable, Sendable {
    /// As the request names it, in its body or in its path; nil when neither does.
    public let model: String?
    public let isStream: Bool
    /// Tokens the answers may have together; nil when the request sets no limit.
    public let outputBound: Int?
    /// Bytes of the body, pictures in it left out.
    public let promptBytes: Int
    /// Tokens the prompt cannot have more than; nil when the vendor adds what the body does not show, such as a file,
    /// an earlier answer, or what its own tools find. Then it is the model's whole context.
    public let promptBound: Int?
}

extension NativeWire {
    /// Reads a request without decoding what is not asked for.
    ///
    /// - Parameter path: What stands behind the vendor's name, with or without a slash before and a query behind it.
    public func request(
        _ body: [UInt8], path: String, scanner: JSONScanner, maximumDepth: Int = JSONScanner.defaultMaximumDepth
    ) throws(GatewayError) -> NativeRequestFacts {
        try ChatRequest.checkSize(of: body)
        let outline: JSONOutline
        do {
            outline = try scanner.outline(body, levels: requestLevels, maximumDepth: maximumDepth)
        } catch {
            throw GatewayError(.invalidBody, error.description)
        }
        guard outline[outline.root].kind == .object else {
            throw GatewayError(.invalidBody, "The body must be a JSON object.")
        }
        return facts(NativeFrame(body, outline), NativePath.segments(path))
    }

    /// Levels that must be listed: down to a picture's data, which may lie in the result of a tool.
    private var requestLevels: Int {
        switch self {
        case .openAIEmbeddings: 1
        case .workersAIRun, .openAIChat: 6
        case .openAIResponses: 5
        case .geminiGenerate: 7
        case .anthropicMessages: 8
        case .cohereChat: 6
        }
    }

    private func facts(_ frame: NativeFrame, _ path: [Substring]) -> NativeRequestFacts {
        let pictures = NativePictures(frame, self)
        let bytes = frame.bytes.count - pictures.bytes
        return NativeRequestFacts(
            model: model(frame, path), isStream: isStream(frame, path), outputBound: outputBound(frame),
            promptBytes: bytes,
            promptBound: pictures.isBounded ? bytes + pictures.count * TextEstimate.mostPerImage : nil)
    }

    // MARK: Model

    private func model(_ frame: NativeFrame, _ path: [Substring]) -> String? {
        if let name = frame.string(frame.member("model")), !name.isEmpty { return name }
        // `models/NAME:generateContent`, `publishers/anthropic/models/NAME:rawPredict`, `model/NAME/invoke`
        if let last = path.last, let colon = last.lastIndex(of: ":"), path.dropLast().last == "models" {
            return String(last[..<colon])
        }
        if path.last == "invoke", let name = path.dropLast().last { return String(name) }
        // `@cf/AUTHOR/NAME`
        if let start = path.firstIndex(where: { $0.hasPrefix("@") }) {
            return path[start...].joined(separator: "/")
        }
        // `RESOURCE/DEPLOYMENT/chat/completions`, `openai/deployments/DEPLOYMENT/chat/completions`
        if let at = path.firstIndex(of: "deployments"), at + 1 < path.count { return String(path[at + 1]) }
        let isDeployment = path.count == (self == .openAIChat ? 4 : 3) && path[1] != "v1"
        return isDeployment ? String(path[1]) : nil
    }

    private func isStream(_ frame: NativeFrame, _ path: [Substring]) -> Bool {
        if path.last?.hasSuffix(":streamGenerateContent") == true { return true }
        if path.last?.hasSuffix(":streamRawPredict") == true { return true }
        return frame.bool(frame.member("stream")) ?? false
    }

    // MARK: Output

    private func outputBound(_ frame: NativeFrame) -> Int? {
        let (limit, count) = limits(frame)
        guard let limit, limit > 0 else { return self == .openAIEmbeddings ? 0 : nil }
        let (tokens, isTooLarge) = limit.multipliedReportingOverflow(by: max(1, count ?? 1))
        return isTooLarge ? .max : tokens
    }

    /// The limit of one answer, and how many answers are wanted. Of two names for the limit the larger figure counts:
    /// vendors differ in which they look at.
    private func limits(_ frame: NativeFrame) -> (limit: Int?, count: Int?) {
        let int = { (names: [StaticString], place: NativeFrame.Place?) in
            names.compactMap { frame.int(frame.member($0, of: place)) }.max()
        }
        switch self {
        case .openAIEmbeddings: return (nil, nil)
        case .openAIResponses: return (int(["max_output_tokens"], frame.root), nil)
        case .anthropicMessages, .cohereChat: return (int(["max_tokens"], frame.root), nil)
        case .openAIChat, .workersAIRun:
            return (
                int(["max_completion_tokens", "max_tokens", "max_output_tokens"], frame.root), int(["n"], frame.root)
            )
        case .geminiGenerate:
            let config = frame.member("generationConfig") ?? frame.member("generation_config")
            return (
                int(["maxOutputTokens", "max_output_tokens"], config),
                int(["candidateCount", "candidate_count"], config)
            )
        }
    }
}
