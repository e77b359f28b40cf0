public import Domain

/// What a model is for, in the words of Cloudflare's search for models. The same for all models of one modality.
public struct CatalogueTask: Hashable, Sendable {
    /// A UUID that never changes: Cloudflare's own where it has the task, else one of ours.
    public let id: String
    public let name: String
    public let summary: String

    /// All tasks there are models for, each once, in the order of their modalities.
    public static let all: [CatalogueTask] = Modality.allCases.map(of).reduce(into: []) { tasks, task in
        if !tasks.contains(task) { tasks.append(task) }
    }

    /// The task of that name, whatever its case.
    public static func named(_ name: String) -> CatalogueTask? {
        all.first { $0.name.lowercased() == name.lowercased() }
    }

    public static func of(_ modality: Modality) -> CatalogueTask {
        switch modality {
        case .text: textGeneration
        case .embedding: textEmbeddings
        case .image: textToImage
        case .transcription: speechRecognition
        case .speech: textToSpeech
        case .video: textToVideo
        // Cloudflare lists its model that orders documents among those that sort texts into classes.
        case .rerank, .moderation: textClassification
        }
    }

    private static let textGeneration = CatalogueTask(
        id: "c329a1f9-323d-4e91-b2aa-582dd4188d34", name: "Text Generation",
        summary: "Answers in words: large language models for chat, writing, code and tools.")
    private static let textEmbeddings = CatalogueTask(
        id: "0137cdcf-162a-4108-94f2-1ca59e8c65ee", name: "Text Embeddings",
        summary: "Turns texts into vectors that are near each other where the texts mean the same.")
    private static let textToImage = CatalogueTask(
        id: "3d6e1f35-341b-4915-a6c8-9a7142a9033a", name: "Text-to-Image",
        summary: "Makes images from a description, and changes images by one.")
    private static let speechRecognition = CatalogueTask(
        id: "dfce1c48-2a81-462e-a7fd-de97ce985207", name: "Automatic Speech Recognition",
        summary: "Writes down what is said in a recording.")
    private static let textToSpeech = CatalogueTask(
        id: "6f1d2c7a-9b54-4e0e-8c1f-5a7be0c3d201", name: "Text-to-Speech",
        summary: "Reads a text aloud.")
    private static let textToVideo = CatalogueTask(
        id: "6f1d2c7a-9b54-4e0e-8c1f-5a7be0c3d202", name: "Text-to-Video",
        summary: "Makes films from a description.")
    private static let textClassification = CatalogueTask(
        id: "19606750-23ed-4371-aab2-c20349b53a60", name: "Text Classification",
        summary: "Sorts texts into classes, or orders them by how well they fit.")
}
