extension DLPProfile {
    /// By the first digits and lengths each network gives out, in one piece or in the groups that are printed.
    static let cards = [
        card("visa", "Visa", #"4\d{3}\#(threeOfFour)"#),
        card(
            "mastercard", "Mastercard",
            #"(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\#(threeOfFour)"#),
        card("american_express", "American Express", #"3[47]\d{2}[ -]?\d{6}[ -]?\d{5}"#),
        card("discover", "Discover", #"(?:6011|64[4-9]\d|65\d{2})\#(threeOfFour)"#),
        card("diners_club", "Diners Club", #"3(?:0[0-5]|[689]\d)\d[ -]?\d{6}[ -]?\d{4}"#),
        card("jcb", "JCB", #"35(?:2[89]|[3-8]\d)\#(threeOfFour)"#),
        card("unionpay", "UnionPay", #"62\d{2}\#(threeOfFour)"#),
        card("maestro", "Maestro", #"(?:50|5[6-8]|6[37])\d{2}\#(threeOfFour)"#),
        card("nineteen_digits", "Card of 19 digits", #"(?:4|6)\d{3}\#(threeOfFour)[ -]?\d{3}"#),
    ]

    private static let threeOfFour = #"(?:[ -]?\d{4}){3}"#

    /// The digits behind a decimal point are no card, however well they fit.
    private static func card(_ id: String, _ name: String, _ digits: String) -> DLPPatternText {
        DLPPatternText(id: id, name: name, pattern: #"(?:^|[^\w.])"# + digits + #"\b"#, checksum: .luhn)
    }
}
