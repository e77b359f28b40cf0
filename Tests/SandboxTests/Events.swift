import Foundation
import HTTPClient
import JSON
import Testing

@testable import Sandbox

/// Events of a stream as tests look at them: the name, where the dialect has names, and the data as a tree.
struct SentEvent {
    var name: String?
    var data: JSONValue

    /// Each must be exactly one event line, where there are names, and one data line.
    static func all(_ stream: String) throws -> [SentEvent] {
        var blocks = stream.components(separatedBy: "\n\n")
        #expect(blocks.popLast() == "")
        return try blocks.map { block in
            let lines = block.components(separatedBy: "\n")
            let data = try #require(lines.last)
            #expect(data.hasPrefix("data: ") && lines.count <= 2)
            let name = lines.count == 2 ? String(lines[0].dropFirst("event: ".count)) : nil
            return SentEvent(name: name, data: try json(String(data.dropFirst("data: ".count))))
        }
    }
}

/// A whole stream of a wire as text.
func stream(_ wire: some AnswerWire) -> String {
    var wire = wire
    var bytes: [UInt8] = []
    for event in wire.events { bytes += wire.frame(event) }
    return text(bytes + wire.ending())
}

extension SandboxClient {
    func post(_ path: String, _ body: JSONValue, fault: String? = nil, _ headers: [(String, String)] = [])
        async throws -> Received
    {
        try await send(.post, path, body, headers + (fault.map { [("x-sandbox-fault", $0)] } ?? []))
    }
}
