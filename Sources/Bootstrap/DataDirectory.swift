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
    private var masterKeyFile: String { path + "/master.key" }
    private var previousMasterKeyFile: String { path + "/master.key.previous" }

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
            return try KeyedHash(key: keyFile(hashKeyFile, byteCount: KeyedHash.keyByteCount))
        } catch let error as StartError {
            throw error
        } catch {
            throw Self.damaged(hashKeyFile, byteCount: KeyedHash.keyByteCount)
        }
    }

    /// The key that vendors' keys are sealed under, unless a setting gives one. Made at the first use; losing it
    /// makes every vendor key that was attached unreadable.
    func masterKey() throws(StartError) -> [UInt8] {
        try keyFile(masterKeyFile, byteCount: VendorKeyVault.masterKeyByteCount)
    }

    /// The master key before the one there is, while something may still be sealed under it.
    func previousMasterKey() throws(StartError) -> [UInt8]? {
        guard (try? Files.exists(previousMasterKeyFile)) ?? false else { return nil }
        return try keyFile(previousMasterKeyFile, byteCount: VendorKeyVault.masterKeyByteCount)
    }

    /// Makes another master key and keeps the one there was, in this order: at no moment is there none of them.
    func replaceMasterKey() throws(StartError) {
        let old = try masterKey()
        do {
            try Files.writeAtomically(old, to: previousMasterKeyFile, mode: 0o600)
            try Files.writeAtomically(
                SecureRandom.bytes(VendorKeyVault.masterKeyByteCount), to: masterKeyFile, mode: 0o600)
        } catch {
            throw .directory(error.description)
        }
    }

    /// Nothing is sealed under it any more.
    func forgetPreviousMasterKey() {
        _ = try? Files.remove(previousMasterKeyFile)
    }

    var hasMasterKey: Bool { (try? Files.exists(masterKeyFile)) ?? false }

    /// The random bytes of a file, which is made when it is missing.
    private func keyFile(_ file: String, byteCount: Int) throws(StartError) -> [UInt8] {
        let bytes: [UInt8]
        do {
            if try !Files.exists(file) { try createKeyFile(file, byteCount: byteCount) }
            bytes = try Files.read(file, maxBytes: byteCount)
        } catch {
            throw .directory(error.description)
        }
        guard bytes.count == byteCount else { throw Self.damaged(file, byteCount: byteCount) }
        return bytes
    }

    private func createKeyFile(_ file: String, byteCount: Int) throws(FileError) {
        do {
            try Files.writeAtomically(
                SecureRandom.bytes(byteCount), to: file, mode: 0o600, existing: .keepAndFail)
        } catch  where error.kind == .alreadyExists {
            // Another process was faster; its key is the key.
        }
    }

    private static func damaged(_ file: String, byteCount: Int) -> StartError {
        .directory("\(file) is damaged: it must hold \(byteCount) bytes")
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
    case vault(String)
    case billing(String)
    case gateways(String)

    public var description: String {
        switch self {
        case .directory(let text), .inUse(let text), .tls(let text), .catalogue(let text), .vault(let text),
            .billing(let text), .gateways(let text):
            text
        case .listen(let text): "cannot listen on \(text)"
        case .store(.unusable(let text)): "the store cannot be used: \(text)"
        case .store(.notWritten(let text)): "the store cannot be written: \(text)"
        case .store(.duplicate(let text)): "the store already holds \(text)"
        case .store(.closed): "the store is closed"
        }
    }
}
