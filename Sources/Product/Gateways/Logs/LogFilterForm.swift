public import Domain
public import JSON
import OperatingSystem

/// Conditions on logs as clients write them: `{"key":…,"operator":…,"value":[…]}`.
public enum LogFilterForm {
    public static let mostValues = 64
    public static let longestValue = 1_024
    /// Of what a client wrote, for an error.
    private static let longestQuote = 64

    public static func filter(_ item: JSONValue) throws(GatewayError) -> LogFilter {
        guard let key = item["key"]?.stringValue, let operation = item["operator"]?.stringValue,
            let value = item["value"]
        else { throw invalid("Each condition needs `key`, `operator` and `value`.") }
        let values = value.arrayValue ?? [value]
        return try filter(key, operation, values.filter { !$0.isNull }.map(text))
    }

    public static func filter(
        _ key: String, _ operation: String, _ values: [String]
    ) throws(GatewayError) -> LogFilter {
        guard let known = LogFilter.Key(rawValue: key) else {
            let keys = LogFilter.Key.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            throw invalid("There is no key `\(quoted(key))`; there are \(keys).")
        }
        guard let operation = LogFilter.Operation(rawValue: operation) else {
            let operations = LogFilter.Operation.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            throw invalid("There is no such operator; there are \(operations).")
        }
        guard (1...mostValues).contains(values.count) else {
            throw invalid("`\(key)` needs 1 to \(mostValues) values.")
        }
        var read: [LogFilter.Value] = []
        for value in values { read.append(try self.value(value, of: known)) }
        return LogFilter(known, operation, read)
    }

    public static func value(_ text: String, of key: LogFilter.Key) throws(GatewayError) -> LogFilter.Value {
        guard text.utf8.count <= longestValue else {
            throw invalid("A value of `\(key.rawValue)` has more than \(longestValue) bytes.")
        }
        let value: LogFilter.Value? =
            switch key {
            case .success, .cached, .authentication, .wholesale, .compatibilityMode:
                bool(text).map(LogFilter.Value.bool)
            case .tokens, .tokensIn, .tokensOut, .duration, .feedback:
                // Some clients write 100 as 100.0.
                JSONNumber(spelling: text)?.int64.map(LogFilter.Value.integer)
            case .cost: (try? Nanodollars(dollarsText: text)).map(LogFilter.Value.money)
            case .createdAt: ISO8601.parse(text).map { .time(Timestamp(microseconds: $0)) }
            default: .text(text)
            }
        guard let value else { throw invalid("`\(quoted(text))` is no value for `\(key.rawValue)`.") }
        return value
    }

    private static func bool(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "1": true
        case "false", "0": false
        default: nil
        }
    }

    private static func text(_ value: JSONValue) -> String {
        value.stringValue ?? String(decoding: value.serialized(), as: UTF8.self)
    }

    private static func quoted(_ text: String) -> String { String(text.unicodeScalars.prefix(longestQuote)) }

    private static func invalid(_ text: String) -> GatewayError {
        GatewayError(.invalidValue, "`filters`: \(text)", param: "filters")
    }
}
