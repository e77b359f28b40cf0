import Crypto
import Domain
import Telemetry

/// What the header `Stripe-Signature` says: `t=1492774577,v1=…`, with one `v1` for each secret Stripe signs with.
struct StripeSignature: Hashable {
    let seconds: Int64
    /// As it was spelt, because it is part of what is signed.
    let time: String
    let codes: [Digest32]

    static let longestHeaderBytes = 4 << 10
    static let mostCodes = 16
    /// Enough for any time to come, and far from the end of the numbers.
    private static let mostTimeDigits = 12

    /// Nil for anything that is not a signature. Schemes other than `v1` are left out.
    init?(_ header: String) {
        guard header.utf8.count <= Self.longestHeaderBytes else { return nil }
        var time: String?
        var codes: [Digest32] = []
        for part in header.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { return nil }
            switch pair[0].drop(while: { $0 == " " }) {
            case "t":
                guard time == nil else { return nil }
                time = String(pair[1])
            case "v1":
                guard codes.count < Self.mostCodes else { return nil }
                // One that is no code cannot fit; another one beside it may.
                if let code = Hex.decode(String(pair[1])).flatMap({ Digest32(bytes: $0) }) { codes.append(code) }
            default: continue
            }
        }
        guard let time, !codes.isEmpty, time.utf8.count <= Self.mostTimeDigits,
            time.utf8.allSatisfy({ (48...57).contains($0) }), let seconds = Int64(time)
        else { return nil }
        self.seconds = seconds
        self.time = time
        self.codes = codes
    }

    /// Whether one of the codes was made of this body with one of the secrets. Every code is compared with every
    /// secret's, each in constant time, so that how long it takes tells nothing about them.
    func isOf(_ body: [UInt8], under secrets: [Secret]) -> Bool {
        let message = Array(time.utf8) + [UInt8(ascii: ".")] + body
        var fits = false
        for secret in secrets {
            let expected = HMACSHA256.authenticate(message, key: Array(secret.reveal().utf8)).bytes
            for code in codes where ConstantTime.equal(code.bytes, expected) { fits = true }
        }
        return fits
    }
}
