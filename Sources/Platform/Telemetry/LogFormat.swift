internal import OperatingSystem

/// How entries are written, one line each.
public enum LogFormat: String, Sendable, CaseIterable {
    case human
    case json
}

/// One entry, ready to be written.
struct LogEntry {
    /// Names the logger writes itself; a field of the same name gets an underscore behind it.
    private static let ownNames = ["time", "level", "message", "request_id"]

    let wallMicroseconds: Int64
    let level: LogLevel
    let message: StaticString
    let requestID: String?
    let fields: LogFields

    func line(as format: LogFormat) -> [UInt8] {
        switch format {
        case .human: humanLine()
        case .json: jsonLine()
        }
    }

    /// `2026-11-21T00:13:05.123Z warning upstream is slow request_id=r1 milliseconds=900`
    private func humanLine() -> [UInt8] {
        var line = Array("\(time) \(level.rawValue) \(message)".utf8)
        for (name, value) in namedValues {
            line.append(contentsOf: " \(name)=".utf8)
            if case .string(let text) = value, !LogText.isPlainWord(text) {
                LogText.appendQuoted(text, to: &line)
            } else {
                line.append(contentsOf: value.plainText.utf8)
            }
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private func jsonLine() -> [UInt8] {
        var line = Array("{\"time\":\"\(time)\",\"level\":\"\(level.rawValue)\",\"message\":".utf8)
        LogText.appendQuoted(message.description, to: &line)
        for (name, value) in namedValues {
            line.append(UInt8(ascii: ","))
            LogText.appendQuoted(name, to: &line)
            line.append(UInt8(ascii: ":"))
            if value.isTextInJSON {
                LogText.appendQuoted(value.plainText, to: &line)
            } else {
                line.append(contentsOf: value.plainText.utf8)
            }
        }
        line.append(contentsOf: "}\n".utf8)
        return line
    }

    private var time: String { ISO8601.format(wallMicroseconds: wallMicroseconds) }

    private var namedValues: [(String, LogValue)] {
        let own = requestID.map { [("request_id", LogValue.string($0))] } ?? []
        return own
            + fields.elements.map { field in
                let name = field.name.description
                return (Self.ownNames.contains(name) ? name + "_" : name, field.value)
            }
    }
}

extension LogValue {
    fileprivate var plainText: String {
        switch self {
        case .string(let text): text
        case .int(let number): String(number)
        case .bool(let truth): String(truth)
        case .double(let number): String(number)
        case .secret: Secret.placeholder
        }
    }

    fileprivate var isTextInJSON: Bool {
        switch self {
        case .string, .secret: true
        // JSON has no word for what is not a finite number.
        case .double(let number): !number.isFinite
        case .int, .bool: false
        }
    }
}
