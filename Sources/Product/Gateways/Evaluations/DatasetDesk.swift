import Accounts
public import Domain
public import JSON

/// Datasets of gateways. Called off the loops.
public struct DatasetDesk: Sendable {
    /// Datasets of one gateway.
    public static let mostOfAGateway = 100

    private let office: GatewayOffice

    public init(_ office: GatewayOffice) {
        self.office = office
    }

    /// Which of them are wanted; nil for whichever.
    public struct Search: Sendable {
        public var name: String?
        public var isEnabled: Bool?
        /// A part of id, name or conditions, in whatever case.
        public var text: String?

        public init(name: String? = nil, isEnabled: Bool? = nil, text: String? = nil) {
            self.name = name
            self.isEnabled = isEnabled
            self.text = text
        }

        func finds(_ dataset: Dataset) -> Bool {
            let filters = String(decoding: JSONValue.array(dataset.filters).serialized(), as: UTF8.self)
            return name.map { $0 == dataset.name } ?? true && isEnabled.map { $0 == dataset.isEnabled } ?? true
                && text.map { $0.isFound(in: [dataset.id, dataset.name, filters]) } ?? true
        }
    }

    /// The oldest first.
    public func datasets(
        of gateway: GatewayID, _ account: AccountID, _ search: Search = Search()
    ) throws(GatewayError) -> [Dataset] {
        try office.turn.take { () throws(GatewayError) in
            _ = try office.gatewayInTurn(gateway, of: account)
            return try all(of: gateway, account)
        }.filter { search.finds($0) }
    }

    public func dataset(
        _ id: String, of gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> Dataset {
        let document = try stored { () throws(StoreError) in
            try office.store.document(.dataset, id, account: account)
        }
        guard let document, document.gateway == gateway else { throw .notFound("dataset") }
        return try Self.read(document)
    }

    public func create(
        _ sent: JSONValue, in gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> Dataset {
        let fields = try DatasetFields(sent, isNew: true)
        let now = office.now()
        let dataset = Dataset(
            id: RandomUUID.make(), account: account, gateway: gateway, name: fields.name ?? "",
            isEnabled: fields.isEnabled ?? true, filters: fields.filters ?? [], createdAt: now, modifiedAt: now)
        try office.turn.take { () throws(GatewayError) in
            _ = try office.gatewayInTurn(gateway, of: account)
            guard try all(of: gateway, account).count < Self.mostOfAGateway else {
                throw GatewayError(
                    .conflict, "A gateway has \(Self.mostOfAGateway) datasets at most. Delete one first.")
            }
            try stored { () throws(StoreError) in try office.store.insert(dataset.stored) }
        }
        return dataset
    }

    /// What is absent stays as it is. Evaluations that were made of it stay as they are.
    public func update(
        _ id: String, _ sent: JSONValue, of gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> Dataset {
        let fields = try DatasetFields(sent, isNew: false)
        return try office.turn.take { () throws(GatewayError) in
            var dataset = try dataset(id, of: gateway, account)
            dataset.name = fields.name ?? dataset.name
            dataset.isEnabled = fields.isEnabled ?? dataset.isEnabled
            dataset.filters = fields.filters ?? dataset.filters
            dataset.modifiedAt = office.now()
            let changed = dataset
            guard try stored({ () throws(StoreError) in try office.store.update(changed.stored) }) else {
                throw .notFound("dataset")
            }
            return changed
        }
    }

    /// Returns what it was.
    public func delete(
        _ id: String, of gateway: GatewayID, _ account: AccountID
    ) throws(GatewayError) -> Dataset {
        try office.turn.take { () throws(GatewayError) in
            let dataset = try dataset(id, of: gateway, account)
            _ = try stored { () throws(StoreError) in try office.store.delete(.dataset, id, account: account) }
            return dataset
        }
    }

    private func all(of gateway: GatewayID, _ account: AccountID) throws(GatewayError) -> [Dataset] {
        try stored { () throws(StoreError) in
            try office.store.documents(.dataset, account: account, gateway: gateway)
        }.map { document throws(GatewayError) in try Self.read(document) }
    }

    private static func read(_ document: StoredDocument) throws(GatewayError) -> Dataset {
        guard let dataset = Dataset(document) else {
            throw GatewayError(.internalError, "What is kept of the dataset cannot be read.")
        }
        return dataset
    }
}

extension String {
    /// Whether one of the texts has it as a part, in whatever case.
    func isFound(in texts: [String]) -> Bool {
        let wanted = lowercased()
        return wanted.isEmpty || texts.contains { $0.lowercased().firstRange(of: wanted) != nil }
    }
}
