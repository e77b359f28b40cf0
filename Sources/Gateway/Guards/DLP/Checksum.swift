/// What a match must satisfy beyond its pattern.
public enum Checksum: String, Hashable, Sendable, CaseIterable {
    case none
    /// The digits of the match satisfy Luhn's formula, as card numbers do.
    case luhn
    /// The match begins with an IBAN of its country's length whose check digits are right.
    case iban
    /// Letters and digits are both there, as in keys and unlike in names of several words.
    case mixed

    func accepts(_ match: ArraySlice<UInt8>) -> Bool {
        switch self {
        case .none: true
        case .luhn: Self.isLuhn(match)
        case .iban: IBAN.begins(match)
        case .mixed: match.contains(where: \.isDigit) && match.contains(where: \.isLetter)
        }
    }

    private static func isLuhn(_ match: ArraySlice<UInt8>) -> Bool {
        var sum = 0
        var isDoubled = false
        var differs = false
        var last: UInt8?
        for byte in match.reversed() where byte.isDigit {
            let digit = Int(byte - UInt8(ascii: "0"))
            let value = isDoubled ? digit * 2 : digit
            sum += value > 9 ? value - 9 : value
            isDoubled.toggle()
            if let last, last != byte { differs = true }
            last = byte
        }
        // Zeros only satisfy the formula and are nobody's number.
        return differs && sum.isMultiple(of: 10)
    }
}

extension UInt8 {
    var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
    var isLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
}
