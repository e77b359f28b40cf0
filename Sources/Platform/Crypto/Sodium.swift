internal import CSodium

/// The library's start-up, done once and before its first use.
enum Sodium {
    private static let started: Void = {
        // Fails only when the system has no random source; nothing safe can be done without one.
        precondition(sodium_init() >= 0, "libsodium could not be initialised")
    }()

    static func start() { started }
}

/// Why bytes were not accepted.
public enum CryptoError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A key of the wrong length.
    case keyLength(expected: Int, actual: Int)
    /// A sealed box that was cut short, changed, or sealed with another key.
    case notAuthentic

    public var description: String {
        switch self {
        case .keyLength(let expected, let actual): "the key must have \(expected) bytes, not \(actual)"
        case .notAuthentic: "the sealed content is damaged or was sealed with another key"
        }
    }
}
