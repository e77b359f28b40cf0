import Guards
import JSON
import Testing

private let compiled = Result { try DLPLibrary() }

/// The built-in profiles, compiled once.
func builtInLibrary() throws -> DLPLibrary { try compiled.get() }

/// Which entries of all built-in profiles a text has.
func entries(in text: String, side: GuardSide = .request) throws -> [String] {
    let library = try builtInLibrary()
    let rules = DLPPolicySet.Rules.single(action: .flag, profiles: library.ids)
    let inspector = DLPInspector(DLPPolicySet(isEnabled: true, rules: rules), library: library)
    return inspector.check(Array(text.utf8), side: side).findings.flatMap(\.entryIDs)
}

func json(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: Array(text.utf8))
}

func text(_ value: JSONValue) -> String {
    String(decoding: value.serialized(), as: UTF8.self)
}

func problems(_ body: () throws -> Void) -> [GuardProblem] {
    do {
        try body()
        return []
    } catch let problems as GuardProblems {
        return problems.problems
    } catch {
        Issue.record(error)
        return []
    }
}
