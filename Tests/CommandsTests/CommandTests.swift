import OperatingSystem
import Settings
import Testing

@testable import Commands

@Suite("The command line")
struct CommandTests {
    private static let shape = ArgumentShape(options: ["--a", "--b"], switches: ["--on"], positional: 1...2)

    struct Parsed: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        var options: [String: String] = [:]
        var switches: Set<String> = []
        var positional: [String] = []
        var testDescription: String { arguments.joined(separator: " ") }
    }

    static let good: [Parsed] = [
        Parsed(arguments: ["x"], positional: ["x"]),
        Parsed(arguments: ["x", "y"], positional: ["x", "y"]),
        Parsed(arguments: ["--a", "1", "x"], options: ["--a": "1"], positional: ["x"]),
        Parsed(arguments: ["x", "--a=1", "--on"], options: ["--a": "1"], switches: ["--on"], positional: ["x"]),
        Parsed(arguments: ["--a=", "x"], options: ["--a": ""], positional: ["x"]),
        Parsed(arguments: ["--a=b=c", "x"], options: ["--a": "b=c"], positional: ["x"]),
        Parsed(arguments: ["--a", "--b", "x"], options: ["--a": "--b"], positional: ["x"]),
        Parsed(arguments: ["-", "x"], positional: ["-", "x"]),
        Parsed(arguments: ["--", "--a", "-x"], positional: ["--a", "-x"]),
        Parsed(arguments: ["--on", "--on", "x"], switches: ["--on"], positional: ["x"]),
        Parsed(arguments: ["", "x"], positional: ["", "x"]),
    ]

    @Test(arguments: good)
    func `arguments are taken apart`(wanted: Parsed) throws {
        let parsed = try Self.shape.parse(wanted.arguments)
        #expect(parsed.options == wanted.options)
        #expect(parsed.switches == wanted.switches)
        #expect(parsed.positional == wanted.positional)
    }

    @Test(
        "What is wrong is named",
        arguments: [
            ([], "an argument is missing"), (["x", "y", "z"], "too many arguments: `z`"),
            (["--c", "x"], "there is no option `--c`"), (["--c=1", "x"], "there is no option `--c`"),
            (["-h", "x"], "there is no option `-h`"), (["x", "--a"], "`--a` needs a value"),
            (["x", "--on=1"], "`--on` takes no value"), (["--a", "1", "--a=2", "x"], "`--a` is given twice"),
        ] as [([String], String)])
    func usage(arguments: [String], text: String) {
        let error = #expect(throws: UsageError.self) { _ = try Self.shape.parse(arguments) }
        #expect(error?.text == text)
    }

    @Test func `verbs are unique and each has a summary for the overview`() {
        let names = CommandTable.verbs.map { $0.name }
        #expect(
            names == ["serve", "sandbox", "key", "account", "usage", "ledger", "vault", "call", "check", "version"])
        for verb in CommandTable.verbs {
            #expect(CommandTable.overview.contains("  \(verb.name)"))
            #expect(CommandTable.overview.contains(verb.summary))
        }
    }

    @Test(arguments: CommandTable.verbs.map { $0.name })
    func `the help of a verb begins with its usage and names every option it has`(name: String) throws {
        let verb = try #require(CommandTable.verbs.first { $0.name == name })
        #expect(verb.help.hasPrefix("Usage: aigateway \(name)"))
        let fullNames = Set(Settings.names.map { "--\($0)" })
        for option in verb.shape.options.subtracting(fullNames).union(verb.shape.switches) {
            let isShared = Settings.flags.contains { $0.name == option }
            if isShared, !["serve"].contains(name) { continue }
            #expect(verb.help.contains("\(option) "), "\(option)")
        }
        #expect(!verb.help.contains("\t"))
        for line in verb.help.split(separator: "\n") { #expect(line.count <= 130, "\(line)") }
    }

    @Test(
        "A command line ends with its status",
        arguments: [
            ([], 2), (["help"], 0), (["--help"], 0), (["-h"], 0), (["help", "serve"], 0), (["help", "nothing"], 2),
            (["nothing"], 2), (["version"], 0), (["--version"], 0), (["version", "x"], 2), (["version", "--x"], 2),
            (["serve", "--help"], 0), (["key", "-h"], 0), (["key"], 2), (["key", "nothing"], 2),
            (["key", "revoke"], 2),
            (["key", "create", "x"], 2), (["key", "list", "--name", "x"], 2), (["call"], 2),
            (["check", "--config", "/nowhere/x.yaml"], 1), (["check", "--sandbox", "maybe"], 1),
            (["check", "--show"], 0),
            (["check"], 0), (["serve", "x"], 2), (["sandbox", "--listen"], 2),
        ] as [([String], Int32)])
    func statuses(arguments: [String], status: Int32) async {
        let context = CommandContext(environment: Environment([:]))
        #expect(await CommandTable.run(arguments, context) == status)
    }
}
