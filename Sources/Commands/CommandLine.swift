/// Arguments of a verb taken apart: options with their values, switches, and the rest.
struct ParsedArguments {
    var options: [String: String] = [:]
    var switches: Set<String> = []
    var positional: [String] = []
}

/// What a verb accepts. Everything else is a usage error.
struct ArgumentShape {
    /// Options that take a value, with their dashes.
    var options: Set<String> = []
    var switches: Set<String> = []
    var positional: ClosedRange<Int> = 0...0

    func parse(_ arguments: [String]) throws(UsageError) -> ParsedArguments {
        var parsed = ParsedArguments()
        var rest = arguments[...]
        var onlyPositional = false
        while let argument = rest.popFirst() {
            guard !onlyPositional, argument.hasPrefix("-"), argument != "-" else {
                parsed.positional.append(argument)
                continue
            }
            if argument == "--" {
                onlyPositional = true
            } else {
                try takeOption(argument, &rest, &parsed)
            }
        }
        guard positional.contains(parsed.positional.count) else {
            throw UsageError(
                parsed.positional.count < positional.lowerBound
                    ? "an argument is missing" : "too many arguments: `\(parsed.positional.last ?? "")`")
        }
        return parsed
    }

    private func takeOption(
        _ argument: String, _ rest: inout ArraySlice<String>, _ parsed: inout ParsedArguments
    ) throws(UsageError) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts[0]
        if switches.contains(name) {
            guard parts.count == 1 else { throw UsageError("`\(name)` takes no value") }
            parsed.switches.insert(name)
        } else if options.contains(name) {
            guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
                throw UsageError("`\(name)` needs a value")
            }
            guard parsed.options.updateValue(value, forKey: name) == nil else {
                throw UsageError("`\(name)` is given twice")
            }
        } else {
            throw UsageError("there is no option `\(name)`")
        }
    }
}

/// The command line itself is wrong. Ends with status 2 and a pointer to the help.
struct UsageError: Error {
    let text: String

    init(_ text: String) {
        self.text = text
    }
}

/// A verb could not do what it was asked. Ends with status 1.
struct CommandFailure: Error {
    let text: String

    init(_ text: String) {
        self.text = text
    }
}
