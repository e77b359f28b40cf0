import Domain
import HTTPCore
import HTTPServer
import JSON
import Routing

/// Rows of a report, as JSON objects or as CSV.
struct Table {
    enum Cell {
        case text(String)
        case number(String)
        case none

        static func text(_ text: String?) -> Cell { text.map { .text($0) } ?? .none }
        static func int(_ value: some BinaryInteger) -> Cell { .number(String(value)) }
        static func cents(_ amount: Nanodollars) -> Cell { .number(amount.centsText) }
        static func bool(_ value: Bool) -> Cell { .number(value ? "true" : "false") }
    }

    let columns: [String]
    let rows: [[Cell]]

    var json: JSONValue {
        .array(
            rows.map { row in
                .object(JSONObject(members: zip(columns, row).map { .init(key: $0, value: Self.json($1)) }))
            })
    }

    private static func json(_ cell: Cell) -> JSONValue {
        switch cell {
        case .none: .null
        case .text(let text): .string(text)
        case .number("true"): true
        case .number("false"): false
        case .number(let spelling): JSONNumber(spelling: spelling).map { .number($0) } ?? .null
        }
    }

    /// RFC 4180, with a line of names.
    var csv: [UInt8] {
        var text = ""
        for line in [columns.map { Cell.text($0) }] + rows {
            text += line.map(Self.field).joined(separator: ",") + "\r\n"
        }
        return Array(text.utf8)
    }

    private static func field(_ cell: Cell) -> String {
        switch cell {
        case .none: ""
        case .number(let spelling): spelling
        case .text(let text): quoted(text)
        }
    }

    private static func quoted(_ text: String) -> String {
        // Spreadsheets take what begins like this for a formula, and tags are written by callers.
        let isFormula = text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        guard safe.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return safe }
        return "\"" + safe.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

/// In which form a report is wanted.
enum ReportForm {
    case json
    case csv

    /// `format` in the query decides, else what the client accepts.
    init(_ call: ManagementCall) throws(GatewayError) {
        switch call.query.first("format") {
        case "csv": self = .csv
        case "json": self = .json
        case nil:
            let accepted = call.request.headers.first("accept")?.lowercased() ?? ""
            self = accepted.hasPrefix("text/csv") ? .csv : .json
        default: throw RequestFields.invalid("format", "must be `json` or `csv`.")
        }
    }
}
