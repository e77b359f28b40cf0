public import Domain

extension MemoryStore: DocumentStore {
    public func documentGeneration() throws(StoreError) -> Int64 { try use { $0.documentGeneration } }

    public func documents(
        _ kind: DocumentKind, account: AccountID?, gateway: GatewayID?
    ) throws(StoreError) -> [StoredDocument] {
        try use { contents in
            contents.documents.filter { document in
                document.kind == kind && (account == nil || document.account == account)
                    && (gateway == nil || document.gateway == gateway)
            }
        }
    }

    public func document(
        _ kind: DocumentKind, _ id: String, account: AccountID
    ) throws(StoreError) -> StoredDocument? {
        try use { contents in contents.documents.first { Self.isIt($0, kind, id, account) } }
    }

    public func insert(_ document: StoredDocument) throws(StoreError) {
        try change { contents throws(StoreError) in
            guard !contents.documents.contains(where: { Self.isIt($0, document.kind, document.id, document.account) })
            else { throw .duplicate("id") }
            try Self.checkName(of: document, in: contents)
            contents.documents.append(document)
            contents.documentGeneration += 1
        }
    }

    public func update(_ document: StoredDocument) throws(StoreError) -> Bool {
        try change { contents throws(StoreError) in
            let place = contents.documents.firstIndex {
                Self.isIt($0, document.kind, document.id, document.account)
            }
            guard let place else { return false }
            var changed = contents.documents[place]
            changed.name = document.name
            changed.body = document.body
            changed.modifiedAt = document.modifiedAt
            try Self.checkName(of: changed, in: contents)
            contents.documents[place] = changed
            contents.documentGeneration += 1
            return true
        }
    }

    public func delete(_ kind: DocumentKind, _ id: String, account: AccountID) throws(StoreError) -> Bool {
        try change { contents in
            let place = contents.documents.firstIndex { Self.isIt($0, kind, id, account) }
            guard let place else { return false }
            contents.documents.remove(at: place)
            contents.documentGeneration += 1
            return true
        }
    }

    private static func isIt(
        _ document: StoredDocument, _ kind: DocumentKind, _ id: String, _ account: AccountID
    ) -> Bool {
        document.kind == kind && document.id == id && document.account == account
    }

    private static func checkName(of document: StoredDocument, in contents: Contents) throws(StoreError) {
        let isTaken = contents.documents.contains { other in
            other.kind == document.kind && other.account == document.account && other.gateway == document.gateway
                && other.name == document.name && other.id != document.id
        }
        if isTaken { throw .duplicate("name") }
    }
}
