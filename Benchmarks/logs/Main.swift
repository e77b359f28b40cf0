import Domain
import OperatingSystem
import SQLiteLogs

/// Fills the log of one gateway, asks everything that can be asked of it, and prints a table for RESULTS.md.
///
///     swift run -c release LogBenchmark [ENTRIES] [DIRECTORY]
///
/// A million entries by default, in a new folder below `.build`, which is left for looking at.
@main
struct LogBenchmark {
    static func main() throws {
        let arguments = CommandLine.arguments
        let count = arguments.count > 1 ? Int(arguments[1]) ?? 1_000_000 : 1_000_000
        let directory =
            arguments.count > 2
            ? arguments[2] : ".build/log-benchmark-\(SystemClock().wallMicroseconds())"
        try Files.createDirectory(directory, mode: 0o700)
        let store = try SQLiteLogStore.open(directory: directory) { failure in print("failed: \(failure)") }
        defer { store.close() }
        var bench = Bench(store: store, count: count)
        try bench.build()
        try bench.ask()
        try bench.delete()
        print("\nWritten \(store.statistics.written), failed \(store.statistics.failed). Files in \(directory).")
    }
}
