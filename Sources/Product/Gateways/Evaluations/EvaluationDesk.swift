import Accounts
public import Domain
public import JSON

/// Evaluations of gateways. Called off the loops. Each is worked on after it was made, one at a time.
public struct EvaluationDesk: Sendable {
    /// Evaluations of one gateway.
    public static let mostOfAGateway = 100
    private static let longestName = 128

    private let office: GatewayOffice
    private let datasets: DatasetDesk
    private let queue: EvaluationQueue

    /// - Parameter start: Begins work that nobody waits for; it may block.
    public init(
        _ office: GatewayOffice, logs: any GatewayLogStore,
        start: @escaping @Sendable (@escaping @Sendable () async -> Void) -> Void = EvaluationQueue.start
    ) {
        self.office = office
        datasets = DatasetDesk(office)
        queue = EvaluationQueue(office, logs: logs, start: start)
    }

    /// Takes up what was not finished when the process ended.
    public func resume() throws(StoreError) {
        for document in try office.store.documents(.evaluation, account: nil, gateway: nil) {
            guard let evaluation = Evaluation(document), !evaluation.isProcessed else { continue }
            queue.add(document.place)
        }
    }

    /// Which of them are wanted; nil for whichever.
    public struct Search: Sendable {
        public var name: String?
        public var isProcessed: Bool?
        /// A part of id or name, in whatever case.
        public var text: String?

        public init(name: String? = nil, isProcessed: Bool? = nil, text: String? = nil) {
            self.name = name
            self.isProcessed = isProcessed
            self.text = text
        }

        func finds(_ evaluation: Evaluation) -> Bool {
            name.map { $0 == evaluation.name } ?? true && isProcessed.map { $0 == evaluation.isProcessed } ?? true
                && text.map { $0.isFound(in: [evaluation.id, evaluation.name]) } ?? true
        }
    }

    /// The oldest first.
    public func evaluations(
        of gateway: GatewayID, _ account: AccountID, _ search: Search = Search()
    ) throws(GatewayError) -> [Evaluation] {
        let documents = try office.turn.take { () throws(GatewayError) in
            _ = try office.gatewayInTurn(gateway, of: account)
            return try all(of: gateway, account)
        }
        return try documents.map { document throws(GatewayError) in try Self.read(document) }
            .filter { search.finds($0) }
    }

    public func evaluation(
        _ id: String, of gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> Evaluation {
        let document = try stored { () throws(StoreError) in
            try office.store.document(.evaluation, id, account: account)
        }
        guard let document, document.gateway == gateway else { throw .notFound("evaluation") }
        return try Self.read(document)
    }

    /// What it finds is known later: ask again.
    public func create(
        _ sent: JSONValue, in gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> Evaluation {
        var fields = try SentFields(sent)
        let name = fields.required(fields.text("name", 1...Self.longestName), "name")
        let ids = Self.ids(&fields, "dataset_ids", most: LogSums.mostDatasets)
        let types = Self.types(&fields)
        try fields.finish()
        let evaluation = try office.turn.take { () throws(GatewayError) in
            _ = try office.gatewayInTurn(gateway, of: account)
            guard try all(of: gateway, account).count < Self.mostOfAGateway else {
                throw GatewayError(
                    .conflict, "A gateway has \(Self.mostOfAGateway) evaluations at most. Delete one first.")
            }
            let now = office.now()
            let evaluation = Evaluation(
                id: RandomUUID.make(), account: account, gateway: gateway, name: name ?? "",
                datasets: try found(ids, in: gateway, account),
                results: types.map { Evaluation.Result(id: RandomUUID.make(), type: $0, modifiedAt: now) },
                createdAt: now, modifiedAt: now)
            try stored { () throws(StoreError) in try office.store.insert(evaluation.stored) }
            return evaluation
        }
        queue.add(evaluation.stored.place)
        return evaluation
    }

    /// Returns what it was.
    public func delete(
        _ id: String, of gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> Evaluation {
        try office.turn.take { () throws(GatewayError) in
            let evaluation = try evaluation(id, of: gateway, account)
            _ = try stored { () throws(StoreError) in try office.store.delete(.evaluation, id, account: account) }
            return evaluation
        }
    }

    // MARK: Parts

    private static func ids(_ fields: inout SentFields, _ name: String, most: Int) -> [String] {
        let read = fields.read(name, "a list of 1 to \(most) ids, none of them twice") { value -> [String]? in
            guard let ids = value.arrayValue?.map(\.stringValue), (1...most).contains(ids.count) else { return nil }
            let texts = ids.compactMap { $0 }
            return texts.count == ids.count && Set(texts).count == texts.count ? texts : nil
        }
        return fields.required(read, name) ?? []
    }

    private static func types(_ fields: inout SentFields) -> [EvaluationType] {
        let name = "evaluation_type_ids"
        let ids = ids(&fields, name, most: EvaluationType.allCases.count)
        let types = ids.map(EvaluationType.init(id:))
        fields.report(
            name,
            inner: types.enumerated().filter { $0.element == nil }.map {
                GatewayProblem("/\($0.offset)", "is the id of no evaluation type")
            })
        return types.compactMap { $0 }
    }

    private func found(
        _ ids: [String], in gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> [Dataset] {
        var found: [Dataset] = []
        var problems: [GatewayProblem] = []
        for (position, id) in ids.enumerated() {
            do throws(GatewayError) {
                found.append(try datasets.dataset(id, of: gateway, account))
            } catch {
                guard error.reason == .objectNotFound else { throw error }
                problems.append(GatewayProblem("/dataset_ids/\(position)", "is the id of no dataset of this gateway"))
            }
        }
        guard problems.isEmpty else { throw GatewayError(problems) }
        return found
    }

    private func all(of gateway: GatewayID, _ account: AccountID) throws(GatewayError) -> [StoredDocument] {
        try stored { () throws(StoreError) in
            try office.store.documents(.evaluation, account: account, gateway: gateway)
        }
    }

    private static func read(_ document: StoredDocument) throws(GatewayError) -> Evaluation {
        guard let evaluation = Evaluation(document) else {
            throw GatewayError(.internalError, "What is kept of the evaluation cannot be read.")
        }
        return evaluation
    }
}
