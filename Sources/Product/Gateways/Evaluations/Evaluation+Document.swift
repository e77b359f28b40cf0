import Domain
import JSON

extension Evaluation {
    /// Nil when it is none of ours.
    init?(_ stored: StoredDocument) {
        guard let gateway = stored.gateway,
            let body = (try? JSONValue(parsing: Array(stored.body.utf8)))?.objectValue,
            let name = body["name"]?.stringValue, let logs = body["logs"]?.numberValue?.int64,
            let datasets = body["datasets"]?.arrayValue, let results = body["results"]?.arrayValue
        else { return nil }
        let readDatasets = datasets.compactMap { Dataset($0, of: stored.account, gateway) }
        let readResults = results.compactMap { Result($0) }
        guard readDatasets.count == datasets.count, readResults.count == results.count else { return nil }
        self.init(
            id: stored.id, account: stored.account, gateway: gateway, name: name, datasets: readDatasets,
            results: readResults, logs: logs, createdAt: stored.createdAt, modifiedAt: stored.modifiedAt)
    }

    /// Two of one gateway may bear the same name, so that the store is told the id in its place.
    var stored: StoredDocument {
        let body: JSONObject = [
            "name": .string(name), "logs": .int(logs), "datasets": .array(datasets.map(\.document)),
            "results": .array(results.map(\.document)),
        ]
        return StoredDocument(
            kind: .evaluation, account: account, gateway: gateway, id: id, name: id,
            body: String(decoding: body.serialized(), as: UTF8.self), createdAt: createdAt, modifiedAt: modifiedAt)
    }
}

extension Dataset {
    fileprivate init?(_ value: JSONValue, of account: AccountID, _ gateway: GatewayID) {
        guard let id = value["id"]?.stringValue, let name = value["name"]?.stringValue,
            let isEnabled = value["enable"]?.boolValue, let filters = value["filters"]?.arrayValue,
            let created = value["created_at"]?.numberValue?.int64,
            let modified = value["modified_at"]?.numberValue?.int64
        else { return nil }
        self.init(
            id: id, account: account, gateway: gateway, name: name, isEnabled: isEnabled, filters: filters,
            createdAt: Timestamp(microseconds: created), modifiedAt: Timestamp(microseconds: modified))
    }

    fileprivate var document: JSONValue {
        [
            "id": .string(id), "name": .string(name), "enable": .bool(isEnabled), "filters": .array(filters),
            "created_at": .int(createdAt.microseconds), "modified_at": .int(modifiedAt.microseconds),
        ]
    }
}

extension Evaluation.Result {
    fileprivate init?(_ value: JSONValue) {
        guard let id = value["id"]?.stringValue,
            let type = value["type"]?.stringValue.flatMap(EvaluationType.init(rawValue:)),
            let modified = value["modified_at"]?.numberValue?.int64, let text = value["result"]?.stringValue,
            let state = value["status"]?.intValue.flatMap(Evaluation.State.init(rawValue:)),
            let remark = value["remark"]?.stringValue, let logs = value["logs"]?.numberValue?.int64
        else { return nil }
        self.init(
            id: id, type: type, modifiedAt: Timestamp(microseconds: modified), text: text, state: state,
            remark: remark, logs: logs)
    }

    fileprivate var document: JSONValue {
        [
            "id": .string(id), "type": .string(type.rawValue), "modified_at": .int(modifiedAt.microseconds),
            "result": .string(text), "status": .int(state.rawValue), "remark": .string(remark), "logs": .int(logs),
        ]
    }
}
