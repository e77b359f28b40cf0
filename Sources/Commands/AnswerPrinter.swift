import Dialects
import HTTPClient
import JSON
import OperatingSystem

/// Writes a chat stream to the terminal as it comes.
struct AnswerPrinter {
    let showsThoughts: Bool
    let context: CommandContext

    func print(_ response: IncomingResponse) async throws {
        var reader = ServerSentEventReader()
        var endsWithLineBreak = true
        while let piece = try await response.nextPiece() {
            reader.feed(piece)
            while let event = try reader.next() {
                guard event.hasData, !event.isDone else { continue }
                let text = try write(event)
                if let last = text.last { endsWithLineBreak = last.isNewline }
            }
        }
        if !endsWithLineBreak { try context.write("\n") }
    }

    private func write(_ event: ServerSentEvent) throws -> String {
        let value = try JSONValue(parsing: event.data)
        if let message = value["error"]?["message"]?.stringValue {
            throw CommandFailure("the answer broke off: \(message)")
        }
        let delta = value["choices"]?[0]?["delta"]
        if showsThoughts, let thought = delta?["reasoning_content"]?.stringValue {
            try StandardStream.error.write(thought)
        }
        let text = delta?["content"]?.stringValue ?? ""
        try context.write(text)
        return text
    }
}
