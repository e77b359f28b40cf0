/// International bank account numbers (ISO 13616).
enum IBAN {
    /// How long the numbers of each country are, from SWIFT's registry.
    private static let lengths: [String: Int] = [
        "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29,
        "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29,
        "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
        "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28,
        "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20,
        "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25,
        "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27,
        "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
    ]

    /// Whether the text begins with a number that checks. What follows a blank may belong to the next word, so it may
    /// go on behind the number's last character, but not right behind it.
    static func begins(_ text: ArraySlice<UInt8>) -> Bool {
        guard let length = lengths[String(decoding: text.prefix(2), as: UTF8.self)] else { return false }
        var number: [UInt8] = []
        var rest = text
        while number.count < length, let byte = rest.popFirst() {
            if byte.isDigit || byte.isLetter { number.append(byte) }
        }
        if let next = rest.first, next.isDigit || next.isLetter { return false }
        return number.count == length && remainder(number) == 1
    }

    /// Of the number by 97, its first four characters moved behind the others and letters read as 10 to 35.
    private static func remainder(_ number: [UInt8]) -> Int {
        var remainder = 0
        for byte in number.dropFirst(4) + number.prefix(4) {
            if byte.isDigit {
                remainder = (remainder * 10 + Int(byte - UInt8(ascii: "0"))) % 97
            } else {
                remainder = (remainder * 100 + Int((byte | 0x20) - UInt8(ascii: "a")) + 10) % 97
            }
        }
        return remainder
    }
}
