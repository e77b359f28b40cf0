/// What the lines of one event have said so far, in places that count from the start of the event.
struct ServerSentEventBlock: Sendable {
    /// Whether there was any line that is not blank.
    private(set) var hasLines = false
    private var data: Range<Int>?
    private var moreData: [Range<Int>] = []
    private var event: Range<Int>?
    private var id: Range<Int>?
    private var retry: Int?

    /// Takes one line, not blank and without its end.
    mutating func add(_ line: Range<Int>, of buffer: [UInt8], from start: Int) {
        hasLines = true
        let absolute = (line.lowerBound + start)..<(line.upperBound + start)
        let colon = buffer[absolute].firstIndex(of: UInt8(ascii: ":")) ?? absolute.upperBound
        var value = min(colon + 1, absolute.upperBound)
        if value < absolute.upperBound, buffer[value] == UInt8(ascii: " ") { value += 1 }
        let range = (value - start)..<line.upperBound
        let name = buffer[absolute.lowerBound..<colon]
        if name.isText("data") {
            addData(range)
        } else if name.isText("event") {
            event = range
        } else if name.isText("id") {
            if !buffer[value..<absolute.upperBound].contains(0) { id = range }
        } else if name.isText("retry") {
            retry = Self.digits(buffer[value..<absolute.upperBound]) ?? retry
        }
    }

    /// The event, given its bytes.
    func event(raw: [UInt8]) -> ServerSentEvent {
        ServerSentEvent(
            data: joinedData(raw), hasData: data != nil, event: event.map { String(decoding: raw[$0], as: UTF8.self) },
            id: id.map { String(decoding: raw[$0], as: UTF8.self) }, retry: retry, raw: raw)
    }

    private mutating func addData(_ range: Range<Int>) {
        if data == nil { data = range } else { moreData.append(range) }
    }

    private func joinedData(_ raw: [UInt8]) -> [UInt8] {
        guard let data else { return [] }
        var joined = Array(raw[data])
        for range in moreData {
            joined.append(lineFeed)
            joined.append(contentsOf: raw[range])
        }
        return joined
    }

    /// Digits only, as the standard asks; nil for anything else, also for more than an Int holds.
    private static func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard !bytes.isEmpty, bytes.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
        return Int(String(decoding: bytes, as: UTF8.self))
    }
}

extension ArraySlice<UInt8> {
    fileprivate func isText(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { unsafe elementsEqual($0) }
    }
}
