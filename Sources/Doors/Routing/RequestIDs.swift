import Crypto
public import Domain
import Synchronization

/// Names requests: the caller's own id when it is a decent one, else a new one.
public final class RequestIDs: Sendable {
    /// Random for each process, so that ids of two runs never meet.
    private let prefix = "req_" + SecureRandom.base62(length: 10)
    private let counter = Atomic<UInt64>(0)

    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    /// A caller's id may be this long, of letters, digits and `-_.:`; anything else could confuse a log.
    private static let longestID = 128

    public init() {}

    public func id(for presented: String?) -> RequestID {
        guard let presented, Self.isDecent(presented) else { return next() }
        return RequestID(presented)
    }

    public func next() -> RequestID {
        var number = counter.add(1, ordering: .relaxed).newValue
        var digits: [UInt8] = []
        repeat {
            digits.append(Self.alphabet[Int(number % 62)])
            number /= 62
        } while number > 0
        while digits.count < 6 { digits.append(UInt8(ascii: "0")) }
        return RequestID(prefix + String(decoding: digits.reversed(), as: UTF8.self))
    }

    private static func isDecent(_ text: String) -> Bool {
        let bytes = text.utf8
        return !bytes.isEmpty && bytes.count <= longestID
            && bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                    UInt8(ascii: ":"):
                    true
                default: false
                }
            }
    }
}
