public import Accounts
import Crypto
public import Domain
import OperatingSystem
import SQLiteStore
public import Settings

/// The store of a data directory opened for managing keys, whether or not a server runs on it.
public struct KeyCabinet: Sendable {
    public let issuer: KeyIssuer
    let store: SQLiteStore
    let hash: KeyedHash
    /// The first key of all, when it was made just now.
    public let newRootKey: KeyIssuer.Issued?
    let directory: DataDirectory

    public static func open(_ settings: Settings.Data) throws(StartError) -> KeyCabinet {
        try open(DataDirectory(settings.directory), settings)
    }

    static func open(_ directory: DataDirectory, _ settings: Settings.Data) throws(StartError) -> KeyCabinet {
        try directory.prepare()
        let hash = try directory.hashKey()
        let store = try openStore(directory, settings)
        let clock = SystemClock()
        let issuer = KeyIssuer(store: store, hash: hash) { Timestamp(microseconds: clock.wallMicroseconds()) }
        do {
            let issued = try issuer.establishRoot { secret throws(StartError) in try directory.writeRootKey(secret) }
            return KeyCabinet(
                issuer: issuer, store: store, hash: hash, newRootKey: issued, directory: directory)
        } catch {
            store.close()
            switch error {
            case .store(let error): throw .store(error)
            case .keep(let error): throw error
            }
        }
    }

    private static func openStore(
        _ directory: DataDirectory, _ settings: Settings.Data
    ) throws(StartError) -> SQLiteStore {
        do {
            return try SQLiteStore.open(
                directory: directory.path, durability: settings.durability == .power ? .power : .process,
                queueLimit: settings.commitQueue)
        } catch {
            throw .store(error)
        }
    }

    public var keys: any KeyStore { store }
    public var ledger: any LedgerStore { store }
    public var usage: any UsageReader { store }

    /// Makes another master key. A server that runs seals everything under it within a second, one that does not run at
    /// its next start. Refused until that has been done after the last time, for only one key before is kept.
    public func replaceMasterKey() throws(MasterKeyRefusal) {
        let isUnfinished: Bool
        do throws(StartError) {
            isUnfinished = try directory.previousMasterKey() != nil
            if !isUnfinished { try directory.replaceMasterKey() }
        } catch {
            throw .failed(error)
        }
        if isUnfinished { throw .lastTimeUnfinished }
    }

    public func close() {
        store.close()
    }
}

/// Why there is no other master key.
public enum MasterKeyRefusal: Error, Sendable, CustomStringConvertible {
    case lastTimeUnfinished
    case failed(StartError)

    public var description: String {
        switch self {
        case .lastTimeUnfinished:
            "vendor keys are still sealed under the master key before; start the gateway, and try again in a second"
        case .failed(let error): error.description
        }
    }
}
