public import Domain

/// What came of sealing everything anew.
public struct ResealReport: Hashable, Sendable {
    public var resealed: Int
    public var alreadyCurrent: Int
    /// Keys that no master key given opens. They stay as they are.
    public var unreadable: [VendorKeyID]
    /// The same for secrets in documents, by the documents' ids.
    public var unreadableDocuments: [String]

    public init(
        resealed: Int = 0, alreadyCurrent: Int = 0, unreadable: [VendorKeyID] = [], unreadableDocuments: [String] = []
    ) {
        self.resealed = resealed
        self.alreadyCurrent = alreadyCurrent
        self.unreadable = unreadable
        self.unreadableDocuments = unreadableDocuments
    }

    /// Nothing needs the older master keys any more.
    public var mayDropOlderKeys: Bool { unreadable.isEmpty && unreadableDocuments.isEmpty }

    public static func + (left: ResealReport, right: ResealReport) -> ResealReport {
        var sum = left
        sum.resealed += right.resealed
        sum.alreadyCurrent += right.alreadyCurrent
        sum.unreadable += right.unreadable
        sum.unreadableDocuments += right.unreadableDocuments
        return sum
    }
}

extension VendorKeyVault {
    /// Seals every key under the current master key, one write each. Stopped halfway, it can be started again: until
    /// it has been through, both master keys open what is theirs.
    ///
    /// Nobody else may change vendor keys meanwhile; ``VendorKeyKeeper/reseal()`` sees to that.
    public func reseal(all store: any KeyStore) throws(StoreError) -> ResealReport {
        var report = ResealReport()
        for var key in try store.vendorKeys() where key.revokedAt == nil {
            if isSealedUnderCurrent(key) {
                report.alreadyCurrent += 1
            } else if let secret = try? open(key) {
                key.sealed = seal(secret, as: key.id, of: key.accountID, for: key.provider)
                if try store.update(key) { report.resealed += 1 }
            } else {
                report.unreadable.append(key.id)
            }
        }
        return report
    }
}
