import Domain
import SQLite

/// What a shared text is of. The numbers are on disk: they never change.
enum TextKind: Int64, CaseIterable, Sendable {
    case provider = 1
    case model = 2
    case modelType = 3
    case path = 4
    case requestType = 5
    case requestContentType = 6
    case responseContentType = 7
    case userAgent = 8
    case dlpAction = 9

    /// Bytes of a text that are kept; the rest is cut off.
    static let mostBytes = 2_048

    /// The column of an entry that holds the text's number.
    var column: SQLText {
        switch self {
        case .provider: "e.provider"
        case .model: "e.model"
        case .modelType: "e.model_type"
        case .path: "e.path"
        case .requestType: "e.request_type"
        case .requestContentType: "e.request_content_type"
        case .responseContentType: "e.response_content_type"
        case .userAgent: "e.user_agent"
        case .dlpAction: "e.dlp_action"
        }
    }

    func text(of entry: GatewayLogEntry) -> String? {
        switch self {
        case .provider: entry.provider
        case .model: entry.model
        case .modelType: entry.modelType
        case .path: entry.path
        case .requestType: entry.requestType
        case .requestContentType: entry.requestContentType
        case .responseContentType: entry.responseContentType
        case .userAgent: entry.userAgent
        case .dlpAction: entry.dlpAction
        }
    }

    /// The text as far as it is kept, never ending within a character.
    static func kept(_ text: String) -> String {
        guard text.utf8.count > mostBytes else { return text }
        var end = text.utf8.index(text.utf8.startIndex, offsetBy: mostBytes)
        while end > text.utf8.startIndex, text.utf8[end] & 0xC0 == 0x80 { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }
}
