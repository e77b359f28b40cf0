import Accounts
import Crypto
public import Domain
import OperatingSystem
import SQLiteStore
import Telemetry

/// Everything the gateway keeps on disk: its store, the key its hashes are made with, and the files other
/// tools rely on.
public struct DataDirectory: Sendable {
    public let path: String

    public init(_ path: String) {
        self.path = path
    }

    public var rootKeyFile: String { path + "/root.key" }
    public var addressFile: String { path + "/address" }
    private var hashKeyFile: String { path + "/hash.key" }

    /// Makes the directory, closed to other users, when it is missing.
    public func prepare() throws(StartError) {
        do {
            try Files.createDirectory(path, mode: 0o700)
        } catch {
            throw .directory(error.description)
        }
    }

    /// The key that all API keys are hashed with. Made at the first use; losing it makes every key unknown.
    func hashKey() throws(StartError) -> KeyedHash {
        do {
            if try !Files.exists(hashKeyFile) { try createHashKey() }
            let bytes = try Files.read(hashKeyFile, maxBytes: KeyedHash.keyByteCount)
            return try KeyedHash(key: bytes)
        } catch let error as FileError {
            throw .directory(error.description)
        } catch {
            throw .directory("\(hashKeyFile) is damaged: it must hold \(KeyedHash.keyByteCount) bytes")
        }
    }

    private func createHashKey() throws(FileError) {
        do {
            try Files.writeAtomically(
                SecureRandom.bytes(KeyedHash.keyByteCount), to: hashKeyFile, mode: 0o600, existing: .keepAndFail)
        } catch  where error.kind == .alreadyExists {
            // Another process was faster; its key is the key.
        }
    }

    /// Writes what a person or a tool needs to make the first call.
    func writeRootKey(_ secret: Secret) throws(StartError) {
        try write(secret.reveal() + "\n", to: rootKeyFile, mode: 0o600)
    }

    func writeAddress(_ address: String) throws(StartError) {
        try write(address + "\n", to: addressFile, mode: 0o644)
    }

    private func write(_ text: String, to file: String, mode: UInt32) throws(StartError) {
        do {
            try Files.writeAtomically(Array(text.utf8), to: file, mode: mode)
        } catch {
            throw .directory(error.description)
        }
    }
}

/// Why the gateway did not start.
public enum StartError: Error, Sendable, CustomStringConvertible {
    case directory(String)
    case inUse(String)
    case store(StoreError)
    case listen(String)
    case tls(String)
    case catalogue(String)

    public var description: String {
        switch self {
        case .directory(let text), .inUse(let text), .tls(let text), .catalogue(let text): text
        case .listen(let text): "cannot listen on \(text)"
        case .store(.unusable(let text)): "the store cannot be used: \(text)"
        case .store(.notWritten(let text)): "the store cannot be written: \(text)"
        case .store(.duplicate(let text)): "the store already holds \(text)"
        case .store(.closed): "the store is closed"
        }
    }
}
