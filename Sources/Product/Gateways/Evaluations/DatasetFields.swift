import Accounts
import Domain
import JSON

/// What a request says of a dataset.
struct DatasetFields {
    static let longestName = 128
    static let mostFilters = 16
    /// Of all that logs can be filtered by, what a dataset may hold.
    static let keys: [LogFilter.Key] = [
        .createdAt, .requestContentType, .responseContentType, .success, .cached, .provider, .model, .cost, .tokens,
        .tokensIn, .tokensOut, .duration, .feedback,
    ]
    static let operations: [LogFilter.Operation] = [.equal, .contains, .less, .greater]
    private static let texts: [LogFilter.Key] = [.requestContentType, .responseContentType, .provider, .model]

    let name: String?
    let isEnabled: Bool?
    let filters: [JSONValue]?

    init(_ sent: JSONValue, isNew: Bool) throws(GatewayError) {
        var fields = try SentFields(sent)
        let name = fields.text("name", 1...Self.longestName)
        let isEnabled = fields.flag("enable")
        let list = fields.read("filters", "a list of at most \(Self.mostFilters) conditions") { value in
            value.arrayValue.flatMap { $0.count <= Self.mostFilters ? $0 : nil }
        }
        self.name = isNew ? fields.required(name, "name") : fields.kept(name, "name")
        self.isEnabled = isNew ? fields.required(isEnabled, "enable") : fields.kept(isEnabled, "enable")
        let sentFilters = isNew ? fields.required(list, "filters") : fields.kept(list, "filters")
        var problems: [GatewayProblem] = []
        filters = sentFilters.map { Self.checked($0, &problems) }
        fields.report("filters", inner: problems)
        try fields.finish()
    }

    private static func checked(_ list: [JSONValue], _ problems: inout [GatewayProblem]) -> [JSONValue] {
        list.enumerated().compactMap { position, item in
            do throws(GatewayProblem) {
                return try checked(item)
            } catch {
                problems.append(GatewayProblem("/\(position)\(error.pointer)", error.text))
                return nil
            }
        }
    }

    private static func checked(_ item: JSONValue) throws(GatewayProblem) -> JSONValue {
        guard let key = item["key"]?.stringValue.flatMap(LogFilter.Key.init), keys.contains(key) else {
            throw GatewayProblem("/key", "must be one of \(keys.map(\.rawValue).joined(separator: ", "))")
        }
        guard let operation = item["operator"]?.stringValue.flatMap(LogFilter.Operation.init),
            operations.contains(operation)
        else {
            throw GatewayProblem("/operator", "must be one of \(operations.map(\.rawValue).joined(separator: ", "))")
        }
        guard operation != .contains || texts.contains(key) else {
            throw GatewayProblem("/operator", "cannot be contains, for \(key.rawValue) is no text")
        }
        guard let sent = item["value"] else { throw GatewayProblem("/value", "is missing") }
        let values = (sent.arrayValue ?? [sent]).filter { !$0.isNull }
        let filter: JSONValue = [
            "key": .string(key.rawValue), "operator": .string(operation.rawValue), "value": .array(values),
        ]
        do throws(GatewayError) {
            _ = try LogFilterForm.filter(filter)
        } catch {
            throw GatewayProblem(
                "/value", "must be 1 to \(LogFilterForm.mostValues) values that \(key.rawValue) can have")
        }
        return filter
    }
}
