import Accounts
import Domain
import Gateways
import Settings
import Synchronization
import Telemetry

/// The vault under the master key there is now. The one in the data directory may be replaced while the gateway runs.
final class LiveVault: Sendable {
    private let directory: DataDirectory
    private let settings: Settings.Vault
    private let state: Mutex<State>

    private struct State: Sendable {
        var vault: VendorKeyVault
        var onDisk: [UInt8]?
        /// Something may be sealed under an older key.
        var mustReseal = true
    }

    init(_ directory: DataDirectory, _ settings: Settings.Vault) throws(StartError) {
        self.directory = directory
        self.settings = settings
        let onDisk = try Self.keyOnDisk(directory, settings)
        state = Mutex(State(vault: try Self.vault(directory, settings, [onDisk]), onDisk: onDisk))
    }

    var current: VendorKeyVault { state.withLock { $0.vault } }

    /// Takes another master key over when there is one, and seals everything under it. Costs a look at a small file.
    func follow(_ keeper: VendorKeyKeeper, _ documents: GatewayOffice, _ log: Logger) throws(StoreError) {
        takeOver(log)
        guard state.withLock({ $0.mustReseal }) else { return }
        let report = try keeper.reseal() + documents.reseal()
        state.withLock { $0.mustReseal = false }
        if report.mayDropOlderKeys, settings.masterKey == nil { directory.forgetPreviousMasterKey() }
        let unreadable = report.unreadable.count + report.unreadableDocuments.count
        guard report.resealed > 0 || unreadable > 0 else { return }
        log.notice(
            "vendor keys sealed under the current master key",
            ["resealed": .int(report.resealed), "unreadable": .int(unreadable)])
    }

    private func takeOver(_ log: Logger) {
        guard settings.masterKey == nil else { return }
        do throws(StartError) {
            let onDisk = try directory.masterKey()
            let before = state.withLock { $0.onDisk }
            guard onDisk != before else { return }
            let vault = try Self.vault(directory, settings, [onDisk, before])
            state.withLock { $0 = State(vault: vault, onDisk: onDisk) }
        } catch {
            log.warning("the master key cannot be read; the last one stays")
        }
    }

    private static func keyOnDisk(
        _ directory: DataDirectory, _ settings: Settings.Vault
    ) throws(StartError) -> [UInt8]? {
        settings.masterKey == nil || directory.hasMasterKey ? try directory.masterKey() : nil
    }

    /// The master key of the settings, else the first one of disk. All others there are still open what was sealed under
    /// them.
    private static func vault(
        _ directory: DataDirectory, _ settings: Settings.Vault, _ ofDisk: [[UInt8]?]
    ) throws(StartError) -> VendorKeyVault {
        let previousOnDisk = try directory.previousMasterKey()
        do throws(VaultError) {
            var keys: [[UInt8]] = []
            if let given = settings.masterKey { keys.append(try VendorKeyVault.masterKey(from: given.reveal())) }
            keys += (ofDisk + [previousOnDisk]).compactMap(\.self)
            if let previous = settings.previousMasterKey {
                keys.append(try VendorKeyVault.masterKey(from: previous.reveal()))
            }
            return try VendorKeyVault(current: keys.removeFirst(), older: keys)
        } catch {
            throw .vault("vault.master_key: \(error)")
        }
    }
}
