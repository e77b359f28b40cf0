import Dialects
import JSON

/// Puts together the texts whose pieces a recorded stream holds.
struct StreamCollector {
    private var texts: [String] = []
    private var tracks: [String: Int] = [:]

    /// More texts than this in one stream are put behind the last of them.
    static let maximumTracks = 1_024

    var found: [String] { texts.filter { !$0.isEmpty } }

    mutating func add(_ stream: [UInt8]) {
        let scanner = JSONScanner()
        var reader = ServerSentEventReader(maximumEventBytes: .max)
        reader.feed(stream)
        _ = reader.finish()
        while let event = try? reader.next() { add(event, scanner) }
        // A stream that broke off in an event may have said something in it.
        if let event = reader.takeUnfinishedEvent() { add(event, scanner) }
    }

    private mutating func add(_ event: ServerSentEvent, _ scanner: JSONScanner) {
        guard event.hasData, let value = try? scanner.value(event.data) else { return }
        addChoices(value)
        addBlocks(value)
        addCandidates(value)
        addItems(value)
        append(value["response"]?.stringValue, to: "response")
    }

    /// Chat, and completions of old.
    private mutating func addChoices(_ event: JSONValue) {
        for choice in event["choices"]?.arrayValue ?? [] {
            let index = choice["index"]?.intValue ?? 0
            append(choice["text"]?.stringValue, to: "choice/\(index)/text")
            let delta = choice["delta"]
            for name in ["content", "reasoning_content", "reasoning", "refusal"] {
                append(delta?[name]?.stringValue, to: "choice/\(index)/\(name)")
            }
            for part in delta?["content"]?.arrayValue ?? [] {
                append(part["text"]?.stringValue, to: "choice/\(index)/content")
            }
            for call in delta?["tool_calls"]?.arrayValue ?? [] {
                let place = call["index"]?.intValue ?? 0
                append(call["function"]?["arguments"]?.stringValue, to: "choice/\(index)/call/\(place)")
            }
        }
    }

    /// Messages of Anthropic's dialect; Cohere's has its text in a message of the delta.
    private mutating func addBlocks(_ event: JSONValue) {
        let track = "block/\(event["index"]?.intValue ?? 0)"
        for source in [event["content_block"], event["delta"], event["delta"]?["message"]?["content"]] {
            for name in ["text", "thinking", "partial_json"] { append(source?[name]?.stringValue, to: track) }
        }
    }

    private mutating func addCandidates(_ event: JSONValue) {
        for candidate in event["candidates"]?.arrayValue ?? [] {
            let track = "candidate/\(candidate["index"]?.intValue ?? 0)"
            for part in candidate["content"]?["parts"]?.arrayValue ?? [] {
                append(part["text"]?.stringValue, to: track)
                var call = TextCollector()
                call.addData(part["functionCall"]?["args"])
                append(call.found.first, to: track)
            }
        }
    }

    /// Responses: every event whose name ends in `.delta` brings a piece of one part of one item.
    private mutating func addItems(_ event: JSONValue) {
        guard let type = event["type"]?.stringValue, type.hasSuffix(".delta") else { return }
        let item = event["output_index"]?.intValue ?? 0
        let part = event["content_index"]?.intValue ?? event["summary_index"]?.intValue ?? 0
        append(event["delta"]?.stringValue, to: "\(type)/\(item)/\(part)")
    }

    private mutating func append(_ piece: String?, to track: String) {
        guard let piece, !piece.isEmpty else { return }
        if let place = tracks[track] {
            texts[place] += piece
        } else if texts.count < Self.maximumTracks {
            tracks[track] = texts.count
            texts.append(piece)
        } else {
            texts[texts.count - 1] += piece
        }
    }
}
