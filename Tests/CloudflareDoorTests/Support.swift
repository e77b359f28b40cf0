import Catalogue
import Domain
import EventLoop
import Foundation
import HTTPClient
import HTTPCore
import HTTPServer
import JSON
import NamedGateways
import Pipeline
import Routing
import Synchronization
import Telemetry
import Testing

@testable import CloudflareDoor

/// Answers as it is told, and keeps what it was asked.
final class FakeEngine: GatewayRunning {
    typealias Answer = @Sendable (GatewayRequest) async -> GatewayOutcome

    private let state = Mutex((answer: FakeEngine.json(FakeEngine.completion), asked: [GatewayRequest]()))

    /// A hosted model's answer in OpenAI's wire, and in its own.
    static let hosted = (
        wire: #"{"id":"c","choices":[{"message":{"content":"x"}}],"usage":{"total_tokens":5}}"#,
        own: #"{"response":"x","usage":{"total_tokens":5}}"#
    )
    static let completion =
        #"{"id":"c","object":"chat.completion","model":"o4-mini-2025-04-16","choices":[],"usage":{"prompt_tokens":2,"completion_tokens":3,"total_tokens":5}}"#

    var asked: [GatewayRequest] { state.withLock { $0.asked } }

    func answers(_ answer: @escaping Answer) { state.withLock { $0.answer = answer } }

    func run(_ request: GatewayRequest, on lane: Lane) async -> GatewayOutcome {
        lane.loop.requireOnLoop()
        let answer = state.withLock { state in
            state.asked.append(request)
            return state.answer
        }
        return await answer(request)
    }

    static func facts(_ change: (inout GatewayFacts) -> Void = { _ in }) -> GatewayFacts {
        var facts = GatewayFacts()
        facts.logID = LogID("01LOG")
        facts.keySource = .unified
        facts.provider = "openai"
        facts.model = "o4-mini"
        change(&facts)
        return facts
    }

    static func json(
        _ text: String, status: Int = 200, type: String = "application/json; charset=utf-8",
        headers: [(String, String)] = [], _ facts: GatewayFacts = FakeEngine.facts()
    ) -> Answer {
        { _ in
            .answered(
                GatewayAnswer(status: status, contentType: type, headers: headers, body: .whole(Array(text.utf8))),
                facts)
        }
    }

    static func stream(_ stream: FakeStream, type: String = "text/event-stream") -> Answer {
        { _ in .answered(GatewayAnswer(status: 200, contentType: type, body: .stream(stream)), FakeEngine.facts()) }
    }

    static func refusing(_ error: GatewayError, _ facts: GatewayFacts = GatewayFacts()) -> Answer {
        { _ in .refused(error, facts) }
    }
}

final class FakeStream: GatewayStream {
    private let steps: Mutex<[GatewayStreamStep]>
    private let isLeft = Mutex(false)

    init(_ pieces: [String], then end: GatewayStreamStep = .end) {
        steps = Mutex(pieces.map { .bytes(Array($0.utf8)) } + [end])
    }

    var wasLeft: Bool { isLeft.withLock { $0 } }

    func next() async -> GatewayStreamStep { steps.withLock { $0.isEmpty ? .end : $0.removeFirst() } }
    func clientLeft() async { isLeft.withLock { $0 = true } }
}

/// A server with this door alone, behind which an engine is played.
struct House: Sendable {
    let address: String
    let engine: FakeEngine
    let loop: LoopThread
    let deliveries: Deliveries
    let batches: BatchRuns

    /// Keys are called like their roles, `acme` and `tenant` like their accounts.
    static let keys: [String: (role: Role, account: AccountID)] = [
        "sk-aig-root": (.root, Account.root), "sk-aig-acme": (.keyOnly, AccountID("acc_acme")),
        "sk-aig-admin": (.admin, AccountID("acc_acme")), "sk-aig-tenant": (.keyOnly, AccountID("sa_tenant")),
        "sk-aig-member": (.member, AccountID("acc_acme")),
    ]
    static let accounts: [AccountID: Account] = {
        let all = [
            Account(id: Account.root, name: "", createdAt: Timestamp(seconds: 1)),
            Account(id: AccountID("acc_acme"), name: "", createdAt: Timestamp(seconds: 1)),
            Account(id: AccountID("acc_other"), name: "", createdAt: Timestamp(seconds: 1)),
            Account(
                id: AccountID("sa_tenant"), name: "", createdAt: Timestamp(seconds: 1),
                parentID: AccountID("acc_acme")),
        ]
        return Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
    }()

    static let identity = CloudflareIdentity(
        authenticate: { key, _ throws(GatewayError) in
            guard let key, let known = keys[key], let account = accounts[known.account] else {
                throw GatewayError(.invalidKey, "The API key is not valid.")
            }
            return Principal(
                key: APIKey(
                    id: KeyID(key), accountID: account.id, name: "", prefix: "", hash: [],
                    createdAt: Timestamp(seconds: 1), role: known.role),
                account: account)
        }, accountNamed: { accounts[$0] })

    struct Answer: Sendable {
        let status: Int
        let head: String
        let text: String

        var json: JSONValue { (try? JSONValue(parsing: Array(text.utf8))) ?? .null }

        /// All values of the header field of that name.
        func all(_ name: String) -> [String] {
            head.split(separator: "\r\n").dropFirst().compactMap { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2, parts[0].lowercased() == name.lowercased() else { return nil }
                return parts[1].trimmingCharacters(in: .whitespaces)
            }
        }

        func header(_ name: String) -> String? { all(name).first }
        /// Of the first error.
        var code: Int? { (json["errors"]?[0] ?? json["error"]?[0])?["code"]?.intValue }
        var message: String { (json["errors"]?[0] ?? json["error"]?[0])?["message"]?.stringValue ?? "" }
    }

    /// As it goes over the wire, so that nothing a client library would mend is mended.
    func ask(
        _ target: String, _ body: String = "", key: String? = "sk-aig-acme", _ headers: [(String, String)] = []
    ) async throws -> Answer {
        var lines = ["\(target) HTTP/1.0", "X-Request-Id: req_1"]
        if !headers.contains(where: { $0.0.lowercased() == "host" }) { lines.append("Host: localhost") }
        if let key { lines.append("Authorization: Bearer \(key)") }
        lines += headers.map { "\($0.0): \($0.1)" }
        lines.append("Content-Length: \(body.utf8.count)")
        let request = lines.joined(separator: "\r\n") + "\r\n\r\n" + body
        let address = address
        let text = try await blocking { try RawSocket(address).exchange(request) }
        let end = try #require(text.range(of: "\r\n\r\n"), "no answer: \(text)")
        let head = String(text[..<end.lowerBound])
        return Answer(
            status: Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0, head: head,
            text: String(text[end.upperBound...]))
    }

    func post(
        _ path: String, _ body: String, key: String? = "sk-aig-acme", _ headers: [(String, String)] = []
    ) async throws -> Answer {
        try await ask("POST \(path)", body, key: key, headers)
    }

    /// What the engine was asked last.
    func last() throws -> GatewayRequest { try #require(engine.asked.last, "nothing was run") }
}

/// Reports of runs, as they arrive.
final class Deliveries: Sendable {
    private let stream: AsyncStream<(String, String)>
    private let continuation: AsyncStream<(String, String)>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func note(_ url: String, _ body: [UInt8]) { continuation.yield((url, String(decoding: body, as: UTF8.self))) }

    func next() async -> (url: String, body: String)? {
        for await delivery in stream { return delivery }
        return nil
    }
}

/// Runs a test in such a house.
func withHouse(
    hooks: BindingHooks = BindingHooks(), limits: LaterWork.Limits = LaterWork.Limits(), copiesMembers: Bool = false,
    batchLimits: BatchRuns.Limits = BatchRuns.Limits(), _ test: @escaping @Sendable (House) async throws -> Void
) async throws {
    let loop = LoopThread(name: "door")
    let client = await HTTPClient.make(on: loop, ClientConfiguration())
    let (engine, deliveries) = (FakeEngine(), Deliveries())
    let background = BackgroundRuns(LaterWork(limits)) { address, body, _ in deliveries.note(address.url, body) }
    let batches = BatchRuns(batchLimits, work: LaterWork(limits))
    var services = InferenceRoutes.Services(
        engine: engine, lanes: Lanes([Lane(loop: loop, client: client)]), catalogue: LiveCatalogue(Models.catalogue),
        identity: House.identity, background: background, batches: batches,
        address: GatewayAddress(base: "https://aig.test/gateway/v1/"), log: Logger(level: .error, format: .json))
    services.hooks = hooks
    services.copiesMembers = copiesMembers
    let door = CloudflareDoor(
        InferenceRoutes(services).all, identity: House.identity, changed: {},
        log: Logger(level: .error, format: .json))
    let listener = try await HTTPListener(
        ServerConfiguration(host: "127.0.0.1", port: 0), loops: [loop],
        handler: FrontDoor(
            [door], fallback: door,
            hosts: [HostedPaths(host: "gateway.test", beginning: "/v1/", movedUnder: "/gateway")]))
    let house = House(
        address: listener.address, engine: engine, loop: loop, deliveries: deliveries, batches: batches)
    let running = Task { try await test(house) }
    // A test that is out of time ends; the house is torn down all the same.
    let result = await withTaskCancellationHandler {
        await running.result
    } onCancel: {
        running.cancel()
    }
    await background.stop()
    await batches.stop()
    await listener.shutdown(graceMilliseconds: 500)
    await loop.run { client.close() }
    loop.stop()
    try result.get()
}

enum Models {
    static func model(_ id: String, _ modality: Modality = .text, formats: [String] = []) -> Model {
        let parts = id.split(separator: "/", maxSplits: 1)
        var page = ModelPage()
        page.requestFormats = formats
        return Model(
            id: ModelID(id), provider: ProviderID(String(parts[0])), upstreamName: String(parts[1]), name: id,
            providerName: "", family: "", modality: modality, modalities: [], summary: "", released: "2025-04-16",
            page: page)
    }

    static let catalogue = Catalogue([
        model("openai/o4-mini"), model("openai/o3-mini", formats: ["responses", "chat-completions"]),
        model("anthropic/claude", formats: ["chat-completions"]), model("openai/embed", .embedding),
        model("@cf/meta/llama"), model("@cf/baai/bge", .embedding),
    ])
}

/// A plain blocking socket: one request, and everything that comes back.
final class RawSocket: Sendable {
    private let descriptor: Int32

    init(_ address: String) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = UInt16(address.split(separator: ":")[1])!.bigEndian
        target.sin_addr.s_addr = inet_addr("127.0.0.1")
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let status = withUnsafePointer(to: &target) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw POSIXError(.ECONNREFUSED) }
    }

    func exchange(_ request: String) -> String {
        send(request)
        return read(until: nil)
    }

    /// Closes as soon as that was received.
    func leave(after mark: String, of request: String) {
        send(request)
        _ = read(until: mark)
    }

    private func send(_ request: String) {
        let bytes = Array(request.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            sent += count
        }
    }

    private func read(until mark: String?) -> String {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            received += buffer[..<count]
            if let mark, String(decoding: received, as: UTF8.self).contains(mark) { break }
        }
        return String(decoding: received, as: UTF8.self)
    }

    deinit { close(descriptor) }
}

func blocking<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result { try work() }) }
    }
}

extension GatewayRequest {
    /// Of the only step.
    var body: String { String(decoding: steps.first?.body ?? [], as: UTF8.self) }
    var target: GatewayStep.Target? { steps.first?.target }
}
