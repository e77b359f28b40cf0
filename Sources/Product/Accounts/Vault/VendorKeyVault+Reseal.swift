public import Domain

/// What came of sealing everything anew.
public struct ResealReport: Hashable, Sendable {
    public var resealed = 0
    public var alreadyCurrent = 0
    /// Keys that no master key given opens. They stay as they are.
    public var unreadable: [VendorKeyID] = []

    /// Nothing needs the older master keys any more.
    public var mayDropOlderKeys: Bool { unreadable.isEmpty }
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
