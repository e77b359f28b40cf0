public import Accounts
import Crypto
import Domain
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

    public static func open(_ settings: Settings.Data) throws(StartError) -> KeyCabinet {
        try open(DataDirectory(settings.directory), settings)
    }

    static func open(_ directory: DataDirectory, _ settings: Settings.Data) throws(StartError) -> KeyCabinet {
        try directory.prepare()
        let hash = try directory.hashKey()
        do {
            let store = try SQLiteStore.open(
                directory: directory.path, durability: settings.durability == .power ? .power : .process,
                queueLimit: settings.commitQueue)
            let clock = SystemClock()
            let issuer = KeyIssuer(store: store, hash: hash) {
                Timestamp(microseconds: clock.wallMicroseconds())
            }
            let issued = try issuer.establishRoot()
            if let issued { try directory.writeRootKey(issued.secret) }
            return KeyCabinet(issuer: issuer, store: store, hash: hash, newRootKey: issued)
        } catch let error as StoreError {
            throw .store(error)
        } catch let error as StartError {
            throw error
        } catch {
            throw .directory("\(directory.path) cannot be used")
        }
    }

    public func close() {
        store.close()
    }
}
