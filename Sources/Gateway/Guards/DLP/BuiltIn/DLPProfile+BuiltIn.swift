extension DLPProfile {
    /// The profiles every installation has.
    public static func builtIn() throws(GuardProblems) -> [DLPProfile] {
        [
            try DLPProfile(id: "credit_cards", name: "Credit card numbers", patterns: cards),
            try DLPProfile(id: "iban", name: "International bank account numbers", patterns: accounts),
            try DLPProfile(id: "us_ssn", name: "US social security numbers", patterns: socialSecurity),
            try DLPProfile(id: "email_addresses", name: "E-mail addresses", patterns: mail),
            try DLPProfile(id: "phone_numbers", name: "Telephone numbers", patterns: phones),
            try DLPProfile(id: "api_keys", name: "API keys, tokens and private keys", patterns: keys),
        ]
    }

    /// Only with both check digits and the length of the country.
    private static let accounts = [
        DLPPatternText(
            id: "iban", name: "IBAN", pattern: #"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"#,
            checksum: .iban)
    ]

    /// Numbers that were never given out are left out. Nine digits in a row are too common to count by themselves.
    private static let socialSecurity = [
        DLPPatternText(
            id: "us_ssn_dashes", name: "SSN with dashes", pattern: #"\b\#(area)-\#(group)-\#(serial)\b"#),
        DLPPatternText(
            id: "us_ssn_spaces", name: "SSN with spaces", pattern: #"\b\#(area) \#(group) \#(serial)\b"#),
        DLPPatternText(
            id: "us_ssn_named", name: "SSN that is called so",
            pattern: #"(?i)\b(?:ssn|social security(?: number| no\.?| #)?)[^0-9]{1,12}"#
                + #"\#(area)\#(group)\#(serial)\b"#),
    ]

    private static let area = #"(?:00[1-9]|0[1-9]\d|[1-5]\d{2}|6[0-57-9]\d|66[0-57-9]|[78]\d{2})"#
    private static let group = #"(?:0[1-9]|[1-9]\d)"#
    private static let serial = #"(?:000[1-9]|00[1-9]\d|0[1-9]\d{2}|[1-9]\d{3})"#

    private static let mail = [
        DLPPatternText(
            id: "email_address", name: "E-mail address",
            pattern: #"[A-Za-z0-9._%+-]*[A-Za-z0-9_%+-]@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}\b"#)
    ]

    /// Only what is written as a telephone number: with its country, or as North America writes them.
    private static let phones = [
        DLPPatternText(
            id: "phone_international", name: "Telephone number with its country",
            pattern: #"\B\+[1-9](?:[ .()-]{0,2}\d){9,14}\b"#),
        DLPPatternText(
            id: "phone_north_america", name: "Telephone number of North America",
            pattern: #"(?:\([2-9]\d{2}\) ?|\b[2-9]\d{2}[.-])[2-9]\d{2}[.-]\d{4}\b"#),
    ]
}
