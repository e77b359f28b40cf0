import Dialects
import EventLoop
import HTTPClient
import HTTPCore
import JSON
import OperatingSystem
import Settings

/// `aigateway call`.
enum CallCommand: Command {
    static let name = "call"
    static let summary = "ask a model through a running gateway"
    static let shape = ArgumentShape(
        options: ["--url", "--key", "--data", "--config", "--system"], switches: ["--thoughts"], positional: 1...2)
    static let help = """
        Usage: aigateway call MODEL [PROMPT]

        Asks a model through a running gateway and writes its answer to standard output as it comes. Without PROMPT
        the prompt is read from standard input.

        Options:
          --url URL       the gateway (default $AIGATEWAY_URL, else the server on the data directory)
          --key KEY       the API key (default $AIGATEWAY_KEY, else DIR/root.key)
          --data DIR      the data directory (default ./data)
          --config FILE   settings file to read the data directory from
          --system TEXT   a system message
          --thoughts      write the model's reasoning to standard error
        """

    private static let largestPrompt = 16 << 20

    static func run(_ arguments: ParsedArguments, _ context: CommandContext) async throws {
        let settings = try SettingsSource.load(arguments, context)
        let target = try CallTarget(arguments, context, settings)
        let body = try requestBody(arguments).serialized()
        let showsThoughts = arguments.switches.contains("--thoughts")
        let loop = LoopThread(name: "call")
        let client = await HTTPClient.make(on: loop, ClientConfiguration())
        let outcome = await loop.run { () -> Result<Void, CommandFailure> in
            do throws(CommandFailure) {
                try await call(target, body, client, showsThoughts, context)
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try outcome.get()
    }

    private static func requestBody(_ arguments: ParsedArguments) throws -> JSONValue {
        var messages: [JSONValue] = []
        if let system = arguments.options["--system"] {
            messages.append(["role": "system", "content": .string(system)])
        }
        messages.append(["role": "user", "content": .string(try prompt(arguments))])
        return ["model": .string(arguments.positional[0]), "messages": .array(messages), "stream": true]
    }

    private static func prompt(_ arguments: ParsedArguments) throws -> String {
        if arguments.positional.count > 1 { return arguments.positional[1] }
        let bytes: [UInt8]
        do {
            bytes = try StandardStream.input.readToEnd(maxBytes: largestPrompt)
        } catch {
            throw CommandFailure(error.description)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure("the prompt on standard input is not UTF-8")
        }
        guard !text.isEmpty else { throw UsageError("no prompt: give one, or write it to standard input") }
        return text
    }

    private static func call(
        _ target: CallTarget, _ body: [UInt8], _ client: HTTPClient, _ showsThoughts: Bool, _ context: CommandContext
    ) async throws(CommandFailure) {
        let template = RequestTemplate(
            .post, url: target.url + "/v1/chat/completions",
            headers: [("Authorization", "Bearer \(target.key)"), ("Content-Type", "application/json")],
            avoidsProxy: target.isLocal)
        do {
            let response = try await client.send(template, body: body, deadlines: RequestDeadlines())
            guard response.status == 200 else {
                let answer = try await response.collect(limit: 1 << 20)
                throw CommandFailure(errorText(answer) ?? "the gateway answered with status \(response.status)")
            }
            try await AnswerPrinter(showsThoughts: showsThoughts, context: context).print(response)
        } catch let error as CommandFailure {
            throw error
        } catch let error as HTTPClientError {
            throw CommandFailure(text(of: error, target))
        } catch {
            throw CommandFailure("the gateway's answer could not be read")
        }
    }

    static func errorText(_ body: [UInt8]) -> String? {
        (try? JSONValue(parsing: body))?["error"]?["message"]?.stringValue
    }

    private static func text(of error: HTTPClientError, _ target: CallTarget) -> String {
        switch error {
        case .cannotConnect: "no gateway answers at \(target.url); start one with `aigateway serve`"
        case .timedOut: "the gateway did not answer in time"
        case .notTrusted: "the certificate of \(target.url) is not trusted"
        case .brokenOff, .tooLarge, .cancelled: "the gateway broke off its answer"
        }
    }
}

/// Which gateway to ask, and with which key.
private struct CallTarget: Sendable {
    let url: String
    let key: String

    init(_ arguments: ParsedArguments, _ context: CommandContext, _ settings: Settings) throws(CommandFailure) {
        let dataDirectory = settings.data.directory
        if let url = arguments.options["--url"] ?? context.environment["AIGATEWAY_URL"] {
            self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        } else {
            let scheme = settings.tls.certificate == nil ? "http" : "https"
            url = scheme + "://" + (try Self.read(dataDirectory + "/address", "is a server running? Else give --url"))
        }
        if let key = arguments.options["--key"] ?? context.environment["AIGATEWAY_KEY"] {
            self.key = key
        } else {
            key = try Self.read(dataDirectory + "/root.key", "give --key or set AIGATEWAY_KEY")
        }
    }

    /// Proxies of the environment are not for one's own machine.
    var isLocal: Bool { url.contains("://127.") || url.contains("://localhost") || url.contains("://[::1]") }

    private static func read(_ path: String, _ hint: String) throws(CommandFailure) -> String {
        do {
            let bytes = try Files.read(path, maxBytes: 4096)
            return String(String(decoding: bytes, as: UTF8.self).prefix { !$0.isNewline })
        } catch {
            throw CommandFailure("\(error.description); \(hint)")
        }
    }
}
