internal import Domain
internal import Telemetry

/// How values of one kind are read and written, and how the kind is described to an operator.
struct SettingKind<Value: Sendable>: Sendable {
    /// One or two words for the reference.
    let name: String
    /// Completes "allowed: …".
    let allowed: String
    /// False when a wrong value must not be repeated in an error text, since it may hold a secret.
    var isQuotable = true
    let read: @Sendable (String) -> Value?
    /// Nil when there is nothing to write.
    let write: @Sendable (Value) -> String?

    /// The same kind for a value that may be missing.
    func orNone() -> SettingKind<Value?> {
        SettingKind<Value?>(
            name: name, allowed: allowed, isQuotable: isQuotable,
            read: { text in read(text).map { .some($0) } }, write: { value in value.flatMap { write($0) } })
    }
}

extension SettingKind where Value == String {
    /// A path of a file or directory; what is there is found out when it is used.
    static let path = SettingKind(
        name: "path", allowed: "a path", read: { $0.isEmpty || $0.utf8.contains(0) ? nil : $0 }, write: { $0 })

    /// Text that can be sent as an HTTP header.
    static let headerText = SettingKind(
        name: "text", allowed: "visible ASCII characters without spaces", isQuotable: false,
        read: { isHeaderText($0) ? $0 : nil }, write: { $0 })
}

extension SettingKind where Value == Secret {
    static let secret = SettingKind(
        name: "secret",
        allowed: "visible ASCII characters without spaces or line ends, or ${VARIABLE} for an environment variable",
        isQuotable: false,
        read: { isHeaderText($0) ? Secret($0) : nil }, write: { "\($0)" })
}

extension SettingKind where Value == Bool {
    static let flag = SettingKind(
        name: "true or false", allowed: "true or false", read: { Bool($0) }, write: { String($0) })
}

extension SettingKind where Value == ListenAddress {
    static let listenAddress = SettingKind(
        name: "address", allowed: "HOST:PORT or [IPV6]:PORT, such as 127.0.0.1:8080; port 0 lets the system choose",
        read: { ListenAddress($0) }, write: { $0.description })
}

extension SettingKind where Value == [String] {
    private static var mostRanges: Int { 100 }

    /// Addresses and networks; none when nothing is written.
    static let addressRanges = SettingKind(
        name: "networks",
        allowed: "addresses and networks such as 10.0.0.0/8 or 2001:db8::1, with commas between them, "
            + "\(mostRanges) at most",
        read: { text in
            let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
                String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
            return parts.count <= mostRanges && parts.allSatisfy { AddressRange($0) != nil } ? parts : nil
        },
        write: { $0.isEmpty ? nil : $0.joined(separator: ", ") })
}

extension SettingKind where Value == HTTPAddress {
    /// Never quoted: an address may carry a password, and a key is easily put in its place.
    static let httpAddress = SettingKind(
        name: "URL",
        allowed: "an http:// or https:// address without user name, query or fragment, "
            + "such as https://api.example.com/v1",
        isQuotable: false, read: { HTTPAddress($0) }, write: { $0.text })
}

extension SettingKind where Value: CaseIterable & RawRepresentable<String> {
    /// One of an enumeration's words.
    static func choice() -> SettingKind {
        let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
        return SettingKind(
            name: "word", allowed: Value.allCases.count == 1 ? words : "one of \(words)",
            read: { Value(rawValue: $0) }, write: { $0.rawValue })
    }
}

private func isHeaderText(_ text: String) -> Bool {
    let longest = 4_096
    return !text.isEmpty && text.utf8.count <= longest && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
}
