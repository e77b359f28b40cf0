import Allocator
import Commands
import OperatingSystem

@main
struct Main {
    static func main() async {
        let context = CommandContext(environment: .takenAtStart(), allocator: Allocator.name)
        let status = await CommandTable.run(Array(CommandLine.arguments.dropFirst()), context)
        CurrentProcess.exit(status)
    }
}
