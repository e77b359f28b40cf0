import Accounts
import Domain
import EventLoop
import Foundation
import HTTPClient
import HTTPCore
import JSON
import OperatingSystem
import Settings
import Telemetry
import Testing

@testable import Bootstrap

/// A directory that goes away with its owner.
final class TemporaryDirectory: Sendable {
    let path = NSTemporaryDirectory() + "bootstrap-tests-" + UUID().uuidString

    func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
    }

    func mode(of name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions] as? Int
    }

    func settings(_ adjust: (inout Settings) -> Void = { _ in }) -> Settings {
        var settings = Settings()
        settings.server.listen = ListenAddress(host: "127.0.0.1", port: 0)
        settings.server.loops = 1
        settings.server.threads = 1
        settings.server.shutdownGrace = .milliseconds(500)
        settings.data.directory = path
        settings.sandbox.mode = .on
        adjust(&settings)
        return settings
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

private let log = Logger(level: .error, format: .json, sink: LogCollector())

/// A gateway for the length of a closure.
private func withGateway<Result: Sendable>(
    _ settings: Settings, _ body: @escaping @Sendable (GatewayServer) async throws -> Result
) async throws -> Result {
    let server = try await GatewayServer.start(settings, log: log)
    let result = await Task { try await body(server) }.result
    await server.shutdown()
    return try result.get()
}

/// The status of a request made with a key.
private func status(_ address: String, _ path: String, key: String? = nil, body: String? = nil) async throws -> Int {
    try await answer(address, path, key: key, body: body).status
}

private func answer(
    _ address: String, _ path: String, key: String? = nil, body: String? = nil
) async throws -> (status: Int, body: [UInt8]) {
    let loop = LoopThread(name: "client")
    let client = await HTTPClient.make(on: loop, ClientConfiguration())
    let result = await Task(executorPreference: loop) {
        let template = RequestTemplate(
            body == nil ? .get : .post, url: "http://\(address)\(path)",
            headers: key.map { [("Authorization", "Bearer \($0)")] } ?? [], avoidsProxy: true)
        let response = try await client.send(template, body: Array((body ?? "").utf8), deadlines: RequestDeadlines())
        return (status: response.status, body: try await response.collect(limit: 1 << 20))
    }.result
    await loop.run { client.close() }
    loop.stop()
    return try result.get()
}

private let chat = #"{"model":"openai/o4-mini","messages":[{"role":"user","content":"Hello!"}]}"#

private func chatStatus(_ address: String, key: String) async throws -> Int {
    try await status(address, "/v1/chat/completions", key: key, body: chat)
}

@Suite("A gateway on a directory", .timeLimit(.minutes(1)))
struct GatewayServerTests {
    private let directory = TemporaryDirectory()

    @Test func `the first start makes all that other tools rely on`() async throws {
        let directory = directory
        try await withGateway(directory.settings()) { server in
            let key = try directory.text("root.key")
            #expect(key == (server.newRootKey?.reveal() ?? "") + "\n")
            #expect(key.hasPrefix("sk-aig-"))
            #expect(try directory.mode(of: "root.key") == 0o600)
            #expect(try directory.mode(of: "hash.key") == 0o600)
            #expect(try directory.mode(of: ".") == 0o700)
            #expect(try directory.text("address") == server.address + "\n")
            #expect(server.address.hasPrefix("127.0.0.1:") && !server.address.hasSuffix(":0"))
            #expect(try await status(server.address, "/healthz") == 200)
            #expect(try await status(server.address, "/readyz") == 200)
            #expect(try await chatStatus(server.address, key: String(key.dropLast())) == 200)
            #expect(try await chatStatus(server.address, key: "sk-aig-wrong") == 401)
        }
    }

    @Test func `a restart keeps the key and says nothing of a new one`() async throws {
        let directory = directory
        let first = try await withGateway(directory.settings()) { $0.newRootKey }
        let kept = try directory.text("root.key")
        try await withGateway(directory.settings()) { server in
            #expect(server.newRootKey == nil)
            let stillThere = try directory.text("root.key")
            let status = try await chatStatus(server.address, key: first?.reveal() ?? "")
            #expect(stillThere == kept)
            #expect(status == 200)
        }
    }

    @Test func `a second gateway on the same directory is refused, and the first goes on`() async throws {
        let directory = directory
        try await withGateway(directory.settings()) { server in
            let error = await #expect(throws: StartError.self) {
                try await GatewayServer.start(directory.settings(), log: log)
            }
            guard case .inUse? = error else { return fail("\(String(describing: error))") }
            let address = try directory.text("address")
            #expect(address == server.address + "\n")
            #expect(try await status(server.address, "/healthz") == 200)
        }
    }

    @Test func `a directory is free again after the end`() async throws {
        for _ in 0..<3 { try await withGateway(directory.settings()) { _ in } }
    }

    @Test func `keys made and revoked elsewhere are seen while it runs`() async throws {
        let directory = directory
        try await withGateway(directory.settings()) { server in
            let cabinet = try KeyCabinet.open(directory.settings().data)
            defer { cabinet.close() }
            #expect(cabinet.newRootKey == nil)
            let issued = try cabinet.issuer.issue(name: "elsewhere")
            try await within(.seconds(20)) { try await chatStatus(server.address, key: issued.secret.reveal()) == 200 }
            #expect(try cabinet.issuer.revoke(issued.key.id))
            try await within(.seconds(20)) { try await chatStatus(server.address, key: issued.secret.reveal()) == 401 }
        }
    }

    @Test func `a start that fails leaves nothing behind that hinders the next`() async throws {
        let directory = directory
        try await withGateway(directory.settings()) { server in
            let port = try #require(UInt16(server.address.split(separator: ":")[1]))
            let other = TemporaryDirectory()
            let taken = other.settings { $0.server.listen = ListenAddress(host: "127.0.0.1", port: port) }
            let error = await #expect(throws: StartError.self) { try await GatewayServer.start(taken, log: log) }
            guard case .listen? = error else { return fail("\(String(describing: error))") }
            try await withGateway(other.settings()) { _ in }
        }
    }

    @Test func `certificates that cannot be read are named`() async throws {
        let settings = directory.settings {
            $0.tls.certificate = "/nowhere/certificate.pem"
            $0.tls.key = "/nowhere/key.pem"
        }
        let error = await #expect(throws: StartError.self) { try await GatewayServer.start(settings, log: log) }
        guard case .tls(let text)? = error else { return fail("\(String(describing: error))") }
        #expect(text.contains("/nowhere/certificate.pem"))
    }

    @Test func `a damaged hash key is an error, not a new one`() throws {
        try KeyCabinet.open(directory.settings().data).close()
        try Data([1, 2, 3]).write(to: URL(filePath: directory.path + "/hash.key"))
        let error = #expect(throws: StartError.self) { _ = try KeyCabinet.open(directory.settings().data) }
        #expect(error?.description.contains("hash.key") == true)
        #expect(FileManager.default.contents(atPath: directory.path + "/hash.key") == Data([1, 2, 3]))
    }

    @Test func `without a vendor and without the sandbox the gateway lives but is not ready`() async throws {
        try await withGateway(directory.settings { $0.sandbox.mode = .off }) { server in
            #expect(!server.usesSandbox)
            #expect(try await status(server.address, "/healthz") == 200)
            #expect(try await status(server.address, "/readyz") == 503)
            let key = try #require(server.newRootKey).reveal()
            #expect(try await chatStatus(server.address, key: key) == 503)
        }
    }

    @Test func `a catalogue file that is wrong is a warning, not a reason to refuse requests`() async throws {
        let directory = directory
        let settings = directory.settings { $0.catalogue.directory = directory.path + "/nowhere" }
        try await withGateway(settings) { server in
            let ready = try await answer(server.address, "/readyz")
            #expect(ready.status == 200)
            let body = try JSONValue(parsing: ready.body)
            #expect(body["status"] == "ready" && body["problems"] == [])
            #expect(body["warnings"]?[0]?.stringValue?.contains("/nowhere") == true)
        }
    }

    @Test func `the catalogue's routes answer without a key, ids raw and encoded`() async throws {
        try await withGateway(directory.settings()) { server in
            let address = server.address
            for path in [
                "/v1/models/openai/o4-mini", "/v1/models/openai%2Fo4-mini", "/v1/models/OpenAI/O4-Mini",
            ] {
                let whole = try JSONValue(parsing: try await answer(address, path).body)
                #expect(whole["id"] == "openai/o4-mini" && whole["schema"]?["model"] == "openai/o4-mini", "\(path)")
                let schema = try JSONValue(parsing: try await answer(address, path + "/schema").body)
                #expect(schema == whole["schema"], "\(path)")
            }
            let hosted: JSONValue = "@cf/meta/llama-3.1-8b-instruct"
            for path in [
                "/v1/models/@cf/meta/llama-3.1-8b-instruct", "/v1/models/%40cf%2Fmeta%2Fllama-3.1-8b-instruct",
                "/v1/models/workers-ai/@cf/meta/llama-3.1-8b-instruct",
            ] {
                let whole = try JSONValue(parsing: try await answer(address, path).body)
                #expect(whole["id"] == hosted && whole["schema"]?["model"] == hosted, "\(path)")
                let schema = try JSONValue(parsing: try await answer(address, path + "/schema").body)
                #expect(schema == whole["schema"], "\(path)")
            }
            // The code shown names the port that was bound, not the one that was asked for.
            let shown = String(
                decoding: try await answer(address, "/v1/models/openai/o4-mini/schema").body, as: UTF8.self)
            #expect(shown.contains("http://\(address)/v1"))
            #expect(!shown.contains("127.0.0.1:0/"))
            let list = try JSONValue(parsing: try await answer(address, "/v1/models?modality=rerank").body)
            #expect(
                list["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue }
                    == ["cohere/rerank-v4.0-pro", "cohere/rerank-v4.0-fast", "cohere/rerank-v3.5"])
            let none = try JSONValue(parsing: try await answer(address, "/v1/models?modality=none").body)
            #expect(none == ["object": "list", "data": []])
            #expect(try await status(address, "/v1/models/openai/nothing/schema") == 404)
            #expect(try await status(address, "/v1/capabilities") == 200)
        }
    }

    @Test func `the health of providers follows the calls`() async throws {
        try await withGateway(directory.settings()) { server in
            func health() async throws -> JSONValue? {
                try JSONValue(parsing: try await answer(server.address, "/v1/health/providers").body)["data"]?[0]
            }
            let before = try await health()
            #expect(before?["provider"] == "sandbox" && before?["status"] == "operational")
            #expect(before?["checked_at"]?.isNull == true)
            let key = try #require(server.newRootKey).reveal()
            #expect(try await chatStatus(server.address, key: key) == 200)
            let after = try await health()
            #expect(after?["error_rate"] == 0)
            #expect(after?["checked_at"]?.isNull == false && after?["p50_ttft_ms"]?.isNull == false)
        }
    }

    @Test func `the key cabinet makes the first key when no server has`() async throws {
        let directory = directory
        let cabinet = try KeyCabinet.open(directory.settings().data)
        let key = try #require(cabinet.newRootKey).secret.reveal()
        cabinet.close()
        #expect(try directory.text("root.key") == key + "\n")
        try await withGateway(directory.settings()) { server in
            let status = try await chatStatus(server.address, key: key)
            #expect(server.newRootKey == nil)
            #expect(status == 200)
        }
    }

    /// Asks until it is true; fails when the time is over.
    private func within(_ limit: Duration, _ isTrue: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + limit
        while try await !isTrue() {
            guard ContinuousClock.now < deadline else { return fail("not within \(limit)") }
            await Task.yield()
        }
    }
}

/// Records a failure from where nothing can be returned.
private func fail(_ text: String, at location: SourceLocation = #_sourceLocation) {
    Issue.record(Comment(rawValue: text), sourceLocation: location)
}
