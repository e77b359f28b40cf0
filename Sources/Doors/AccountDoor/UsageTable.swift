import Domain
import JSON

/// Sums of usage with their names, and what names them.
struct UsageTable {
    let table: Table

    private static let figures = ["requests", "prompt_tokens", "completion_tokens", "cost_cents", "byok_cost_cents"]

    /// - Parameters:
    ///   - name: What the label is, beside `label` itself.
    ///   - unnamed: What stands in `label` where a row has no name.
    init(_ rows: [UsageRow], name: String, unnamed: String = "untagged") {
        table = Table(
            columns: ["label", name] + Self.figures,
            rows: rows.map { [.text($0.label ?? unnamed), .text($0.label)] + Self.cells($0) })
    }

    init(bySubAccount rows: [(row: UsageRow, account: Account?)]) {
        table = Table(
            columns: ["label", "sub_account_id", "external_ref"] + Self.figures,
            rows: rows.map { row, account in
                // What the account used by itself is of no sub-account.
                let isSub = account.map { $0.parentID != nil } ?? true
                let label = account?.name ?? row.label ?? ""
                return [.text(label), .text(isSub ? row.label : nil), .text(account?.externalReference)]
                    + Self.cells(row)
            })
    }

    private static func cells(_ row: UsageRow) -> [Table.Cell] {
        [
            .int(row.requests), .int(row.promptTokens), .int(row.completionTokens), .cents(row.cost),
            .cents(row.ownKeyCost),
        ]
    }

    /// Everything together.
    static func sum(_ rows: [UsageRow]) -> JSONValue {
        [
            "requests": .int(rows.reduce(0) { $0 + $1.requests }),
            "prompt_tokens": .int(rows.reduce(0) { $0 + $1.promptTokens }),
            "completion_tokens": .int(rows.reduce(0) { $0 + $1.completionTokens }),
            "cost_cents": .cents(rows.reduce(.zero) { $0 + $1.cost }),
            "byok_cost_cents": .cents(rows.reduce(.zero) { $0 + $1.ownKeyCost }),
        ]
    }
}
