public import Domain
public import JSON

/// Questions put to datasets, and what came of them.
public struct Evaluation: Hashable, Sendable {
    public enum State: Int, Hashable, Sendable {
        case queued = 0
        case running = 1
        case done = 2
        case failed = 3

        var isOver: Bool { self == .done || self == .failed }
    }

    public struct Result: Hashable, Sendable {
        public let id: String
        public let type: EvaluationType
        public internal(set) var modifiedAt: Timestamp
        /// Empty until there is one.
        public internal(set) var text = ""
        public internal(set) var state = State.queued
        public internal(set) var remark = "waits for its turn"
        /// Those that count for this question.
        public internal(set) var logs: Int64 = 0
    }

    public let id: String
    public let account: AccountID
    public let gateway: GatewayID
    public let name: String
    /// As they were when the evaluation was made.
    public let datasets: [Dataset]
    public internal(set) var results: [Result]
    /// Found by the datasets.
    public internal(set) var logs: Int64 = 0
    public let createdAt: Timestamp
    public internal(set) var modifiedAt: Timestamp

    public var isProcessed: Bool { results.allSatisfy(\.state.isOver) }

    // MARK: What becomes of it

    mutating func began(at now: Timestamp) {
        set(.running, "is being worked on", at: now)
    }

    mutating func failed(_ why: String, at now: Timestamp) {
        set(.failed, why, at: now)
    }

    mutating func answered(_ sums: LogSums, at now: Timestamp) {
        logs = sums.count
        modifiedAt = now
        for position in results.indices {
            let verdict = results[position].type.verdict(on: sums)
            results[position].state = .done
            results[position].remark = verdict == nil ? "no log to judge by" : "done"
            results[position].text = verdict?.result ?? ""
            results[position].logs = verdict?.logs ?? 0
            results[position].modifiedAt = now
        }
    }

    private mutating func set(_ state: State, _ remark: String, at now: Timestamp) {
        modifiedAt = now
        for position in results.indices {
            results[position].state = state
            results[position].remark = remark
            results[position].modifiedAt = now
        }
    }

    // MARK: In answers

    public var shown: JSONObject {
        [
            "id": .string(id), "name": .string(name), "gateway_id": .string(gateway.rawValue),
            "created_at": .time(createdAt), "modified_at": .time(modifiedAt), "processed": .bool(isProcessed),
            "total_logs": .int(logs), "datasets": .array(datasets.map(shown)),
            "results": .array(results.map { .object(shown($0)) }),
        ]
    }

    private func shown(_ dataset: Dataset) -> JSONValue {
        var object = dataset.shown
        object.append("account_id", .string(account.rawValue))
        object.append("account_tag", .string(account.rawValue))
        return .object(object)
    }

    private func shown(_ result: Result) -> JSONObject {
        [
            "id": .string(result.id), "evaluation_id": .string(id), "evaluation_type_id": .string(result.type.id),
            "created_at": .time(createdAt), "modified_at": .time(result.modifiedAt), "result": .string(result.text),
            "status": .int(result.state.rawValue), "status_description": .string(result.remark),
            "total_logs": .int(result.logs),
        ]
    }
}
