import Dialects
import JSON

/// The events of a stream that was kept, as values.
enum StreamedData {
    static func events(_ stream: [UInt8]) -> [JSONValue] {
        var reader = ServerSentEventReader()
        reader.feed(stream)
        let scanner = JSONScanner()
        var events: [JSONValue] = []
        while let event = try? reader.next() {
            let data = event.data
            guard !data.isEmpty else { continue }
            events.append((try? scanner.value(data)) ?? .string(String(decoding: data, as: UTF8.self)))
        }
        return events
    }
}
