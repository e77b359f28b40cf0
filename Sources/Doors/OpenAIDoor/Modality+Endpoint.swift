import Domain

extension Modality {
    /// Where this dialect takes calls to such models.
    var endpointPath: String {
        switch self {
        case .text: "/v1/chat/completions"
        case .embedding: "/v1/embeddings"
        case .image: "/v1/images/generations"
        case .transcription: "/v1/audio/transcriptions"
        case .speech: "/v1/audio/speech"
        case .video: "/v1/videos/generations"
        case .rerank: "/v1/rerank"
        case .moderation: "/v1/moderations"
        }
    }

    /// Whether this gateway has that endpoint yet. The catalogue also lists models that will need the others.
    var isServed: Bool { self == .text }
}

extension Capability {
    /// One sentence for those who choose a model.
    var summary: String {
        switch self {
        case .tools: "Calls functions that the request describes."
        case .streaming: "Sends its answer piece by piece as server-sent events."
        case .vision: "Reads images in messages."
        case .json: "Answers in JSON, or by a JSON Schema, when `response_format` asks for it."
        case .reasoning: "Thinks before it answers; the thoughts come as `reasoning_content`."
        case .promptCaching: "Charges less for the beginning of a prompt that it has seen before."
        case .async: "Works on a job that is asked for later instead of answering at once."
        case .imageToImage: "Makes an image from another image."
        }
    }

    var endpointPath: String {
        switch self {
        case .tools, .streaming, .vision, .json, .reasoning, .promptCaching: Modality.text.endpointPath
        case .async: Modality.video.endpointPath
        case .imageToImage: "/v1/images/edits"
        }
    }
}
