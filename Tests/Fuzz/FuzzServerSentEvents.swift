// Built into one module with the sources of the reader. The first byte says how the rest is cut into chunks.

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzServerSentEvents(_ data: UnsafePointer<UInt8>, _ size: Int) -> Int32 {
    guard size > 0 else { return 0 }
    let all = Array(UnsafeBufferPointer(start: data + 1, count: size - 1))
    let whole = read([all])
    precondition(read(cut(all, by: data[0])) == whole, "cutting changes what is read")
    precondition(read(all.map { [$0] }) == whole, "single bytes change what is read")
    let joined = whole.events.flatMap(\.raw) + (whole.rest?.raw ?? [])
    precondition(all.starts(with: joined), "the raw bytes are not the stream")
    precondition(all[joined.count...].allSatisfy { $0 == 10 || $0 == 13 || $0 > 0xba }, "a line was lost")
    precondition(whole.events.map(Facts.init) == reference(all), "the standard reads otherwise")
    return 0
}

private struct Reading: Equatable {
    var events: [ServerSentEvent] = []
    var isUnfinished = false
    var rest: ServerSentEvent?
}

private func read(_ chunks: [[UInt8]]) -> Reading {
    var reader = ServerSentEventReader()
    var reading = Reading()
    for chunk in chunks {
        reader.feed(chunk)
        while let event = try? reader.next() { reading.events.append(event) }
    }
    reading.isUnfinished = reader.finish()
    while let event = try? reader.next() { reading.events.append(event) }
    reading.rest = reader.takeUnfinishedEvent()
    precondition(reading.isUnfinished == (reading.rest != nil), "an unfinished event was lost")
    return reading
}

private func cut(_ bytes: [UInt8], by seed: UInt8) -> [[UInt8]] {
    var chunks: [[UInt8]] = []
    var at = 0
    var state = UInt64(seed) | 1
    while at < bytes.count {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let end = min(bytes.count, at + Int(state >> 60))
        chunks.append(Array(bytes[at..<end]))
        at = end
    }
    return chunks
}

private struct Facts: Equatable {
    var data: [UInt8]
    var hasData: Bool
    var event: String?
    var id: String?
    var retry: Int?

    init(_ event: ServerSentEvent) {
        (data, hasData, self.event, id, retry) = (event.data, event.hasData, event.event, event.id, event.retry)
    }
}

/// The standard's way, word for word and without regard to speed: all lines first, then fields line by line.
private func reference(_ stream: [UInt8]) -> [Facts] {
    var facts: [Facts] = []
    var block: [[UInt8]] = []
    for line in lines(stream.starts(with: [0xef, 0xbb, 0xbf]) ? Array(stream.dropFirst(3)) : stream) {
        if !line.isEmpty {
            block.append(line)
        } else if !block.isEmpty {
            facts.append(interpret(block))
            block = []
        }
    }
    return facts
}

/// Whole lines only.
private func lines(_ stream: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var line: [UInt8] = []
    for (i, byte) in stream.enumerated() {
        switch byte {
        case 10 where i > 0 && stream[i - 1] == 13: break
        case 10, 13:
            lines.append(line)
            line = []
        default: line.append(byte)
        }
    }
    return lines
}

private func interpret(_ block: [[UInt8]]) -> Facts {
    var event = ServerSentEvent(hasData: false)
    for line in block {
        let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count > 1 ? Array(parts[1]) : []
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        switch [UInt8](parts[0]) {
        case Array("data".utf8):
            event.data += (event.hasData ? [10] : []) + value
            event.hasData = true
        case Array("event".utf8): event.event = String(decoding: value, as: UTF8.self)
        case Array("id".utf8): if !value.contains(0) { event.id = String(decoding: value, as: UTF8.self) }
        case Array("retry".utf8):
            let text = String(decoding: value, as: UTF8.self)
            if text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text) { event.retry = number }
        default: break
        }
    }
    return Facts(event)
}
