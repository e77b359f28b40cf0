/// How many tokens a text may be, for calls whose vendor does not say.
///
/// One for each four bytes of UTF-8, rounded up, and `perMessage` for each message around them.
public enum TextEstimate {
    /// What role and frame of a message count.
    public static let perMessage = 4

    /// More than any vendor counts for one picture.
    static let mostPerImage = 50_000

    public static func tokens(bytes: Int, messages: Int) -> Int {
        (bytes + 3) / 4 + perMessage * messages
    }
}
