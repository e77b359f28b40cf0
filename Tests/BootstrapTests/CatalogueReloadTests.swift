import Catalogue
import Domain
import Sandbox
import Settings
import Synchronization
import Telemetry
import Testing

@testable import Bootstrap

/// Files that a test changes between two looks.
private final class ChangingFiles: Sendable {
    private let sources = Mutex<[CatalogueSource]>([])

    func set(_ text: String?) {
        sources.withLock { $0 = text.map { [CatalogueSource(name: "own.yaml", text: $0)] } ?? [] }
    }

    func read() -> [CatalogueSource] { sources.withLock { $0 } }
}

private let good = """
    version: 1
    vendor: openai
    models:
      - {id: openai/gpt-5.4-mini, max_output: 5}
    """

@Suite("The catalogue of a running gateway")
struct CatalogueReloadTests {
    private let files = ChangingFiles()
    private let sink = LogCollector()

    private func refresher() throws -> CatalogueRefresher {
        try CatalogueRefresher(read: files.read, log: Logger(level: .info, format: .json, sink: sink))
    }

    private func output(_ refresher: CatalogueRefresher) -> Int? {
        refresher.live.current.model("openai/gpt-5.4-mini")?.maximumOutput
    }

    @Test func `each look brings what has changed, and bad files change nothing but the warnings`() throws {
        var refresher = try refresher()
        #expect(output(refresher) == 16_384)
        files.set(good)
        refresher.look()
        #expect(output(refresher) == 5)
        files.set("models: [")
        refresher.look()
        #expect(output(refresher) == 5)
        #expect(refresher.live.problems.map(\.file) == ["own.yaml"])
        files.set(nil)
        refresher.look()
        #expect(output(refresher) == 16_384)
        #expect(refresher.live.problems.isEmpty)
    }

    @Test func `a problem is logged when it appears, not at every look`() throws {
        files.set("models: [")
        var refresher = try refresher()
        for _ in 0..<5 { refresher.look() }
        #expect(sink.lines.count { $0.contains("own.yaml:2") } == 1)
        #expect(refresher.live.current.models.count == Catalogue.builtIn.models.count)
    }

    @Test func `a directory's files are those named after vendors and providers`() throws {
        let directory = TemporaryDirectory()
        var settings = directory.settings { $0.catalogue.directory = directory.path }
        try DataDirectory(directory.path).prepare()
        #expect(CatalogueFiles(settings).read().isEmpty)
        try directory.write(good, to: "openai.yaml")
        try directory.write(good, to: "else.yaml")
        #expect(CatalogueFiles(settings).read().map(\.name) == ["\(directory.path)/openai.yaml"])
        #expect(CatalogueFiles(settings).problems().isEmpty)
        try directory.write("vendor: [", to: "openai.yaml")
        #expect(CatalogueFiles(settings).problems().count == 1)
        settings.catalogue.directory = directory.path + "/nowhere"
        #expect(CatalogueFiles(settings).problems().first?.contains("must name a directory") == true)
        settings.catalogue.directory = nil
        #expect(CatalogueFiles(settings).problems().isEmpty)
    }

    @Test func `the sandbox plays every chat model of the catalogue`() {
        let played = SandboxModel.playing(.builtIn)
        #expect(Set(played.map(\.name)).count == played.count)
        for model in Catalogue.builtIn.models where model.modality == .text {
            #expect(played.contains { $0.name == model.upstreamName }, "\(model.id)")
        }
        #expect(!played.contains { $0.name == "whisper-1" })
    }
}
