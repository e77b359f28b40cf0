// `environ` is a plain C variable; the import is what lets Swift 6 read it, the comment below says why it may.
@unsafe @preconcurrency internal import Glibc

/// The process's environment variables, as they were when taken.
public struct Environment: Sendable, Equatable {
    public let values: [String: String]

    public init(_ values: [String: String]) {
        self.values = values
    }

    /// Takes the environment of this process. Call it once in `main`, before any thread starts.
    ///
    /// C gives no lock for the environment, so it may only be read while nothing can change it.
    public static func takenAtStart() -> Environment {
        var values: [String: String] = [:]
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let line = unsafe String(cString: text)
            if let equals = line.firstIndex(of: "=") {
                values[String(line[..<equals])] = String(line[line.index(after: equals)...])
            }
            unsafe entry += 1
        }
        return Environment(values)
    }

    public subscript(name: String) -> String? { values[name] }
}
