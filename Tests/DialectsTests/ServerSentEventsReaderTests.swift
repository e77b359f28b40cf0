import Testing

@testable import Dialects

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// Everything a reader gives for these chunks.
struct Reading: Equatable {
    var events: [ServerSentEvent] = []
    var error: ServerSentEventError?
    var isUnfinished = false
    var rest: ServerSentEvent?

    init(_ chunks: [[UInt8]], maximumEventBytes: Int = ServerSentEventReader.defaultMaximumEventBytes) {
        var reader = ServerSentEventReader(maximumEventBytes: maximumEventBytes)
        do {
            for chunk in chunks {
                reader.feed(chunk)
                while let event = try reader.next() { events.append(event) }
            }
            isUnfinished = reader.finish()
            while let event = try reader.next() { events.append(event) }
            rest = reader.takeUnfinishedEvent()
        } catch {
            self.error = error
        }
    }

    init(_ stream: String) {
        self.init([bytes(stream)])
    }
}

@Suite("Server-sent events, reading")
struct ServerSentEventsReaderTests {
    static let streams = [
        "data: {\"a\":1}\n\ndata: [DONE]\n\n", "data:x\r\n\r\ndata: y\r\n\r\n", "data: x\r\rdata: y\r\r",
        "data: é😀\n\n: hello\n\ndata: 2\n\n", "\u{feff}data: x\n\n", "\n\n\ndata: x\n\n\n\ndata: y\n\n\n",
        "event: ping\ndata: {}\nid: 7\nretry: 100\n\n", "data: a\ndata: b\r\ndata\rdata:\n\n", "data: x\n", "data: x",
        ":\n\n", "event\n\n", "id\n\n", "unknown: x\n\n", "data: x\r\n\n", "data: x\n\r\n", "data: x\r\n\rdata: y\n\n",
        "",
        "\r", "\n", "\u{feff}", "\u{feff}\n\ndata: x\n\n", "data: \r\r\n\n",
        "data: " + String(repeating: "0123456789", count: 30) + "\n\ndata: x\n\n",
    ]

    @Test(
        "The fields of an event are read",
        arguments: [
            ("data: x\n\n", "x"), ("data:x\n\n", "x"), ("data:  x\n\n", " x"), ("data: x \n\n", "x "), ("data\n\n", ""),
            ("data:\n\n", ""), ("data: a\ndata: b\n\n", "a\nb"), ("data\ndata\n\n", "\n"), ("data: a:b\n\n", "a:b"),
            ("data: a\r\ndata: b\r\n\r\n", "a\nb"), ("data: a\rdata: b\r\r", "a\nb"), ("\u{feff}data: x\n\n", "x"),
            ("\n\r\n\rdata: x\n\n", "x"), ("data: {\"a\":[1]}\n\n", "{\"a\":[1]}"),
            (": note\nfoo: bar\nDATA: y\n data: z\ndata : z\ndata: x\n\n", "x"),
        ])
    func data(stream: String, expected: String) {
        let reading = Reading(stream)
        #expect(reading.events.map { text($0.data) } == [expected])
        #expect(reading.events.map(\.hasData) == [true])
        #expect(reading.events.map { text($0.raw) } == [stream])
        #expect(!reading.isUnfinished)
    }

    @Test func `name, id and retry are read, the last of each`() {
        let event = Reading("event: a\nid: 1\nretry: 5\nevent: b\nid: 2\nretry: 10\ndata: x\n\n").events.first
        #expect(event?.event == "b")
        #expect(event?.id == "2")
        #expect(event?.retry == 10)
    }

    @Test func `an id with NUL and a retry that is no number are passed over`() {
        let event = Reading("id: 1\nid: 2\0\nretry: 5\nretry: +6\nretry: 99999999999999999999\nretry:\n\n").events.first
        #expect(event?.id == "1")
        #expect(event?.retry == 5)
        #expect(event?.isComment == false)
    }

    @Test(
        "Comments come as events to pass on or drop",
        arguments: [":\n\n", ": alive\n\n", ":a\r\n:b\r\n\r\n", "x: y\n\n"])
    func comments(stream: String) {
        let reading = Reading(stream)
        #expect(reading.events.map(\.isComment) == [true])
        #expect(reading.events.map(\.hasData) == [false])
        #expect(reading.events.map { text($0.raw) } == [stream])
    }

    @Test func `bytes that are not UTF-8 pass`() {
        let stream = bytes("data: ") + [0xff, 0xc3] + bytes("\n\n")
        #expect(Reading([stream]).events.map(\.data) == [[0xff, 0xc3]])
        #expect(Reading([stream]).events.map(\.raw) == [stream])
    }

    @Test("A stream cut anywhere reads the same", arguments: streams)
    func split(stream: String) {
        let all = bytes(stream)
        let whole = Reading([all])
        #expect((whole.events.flatMap(\.raw) + (whole.rest?.raw ?? [])).count <= all.count)
        for first in 0...all.count {
            #expect(Reading([Array(all[..<first]), Array(all[first...])]) == whole)
        }
        #expect(Reading(all.map { [$0] }) == whole)
        #expect(Reading(all.flatMap { [[], [$0]] }) == whole)
        for first in 0...min(all.count, 40) {
            for second in first...min(all.count, 40) {
                #expect(Reading([Array(all[..<first]), Array(all[first..<second]), Array(all[second...])]) == whole)
            }
        }
    }

    @Test("All raw bytes together are the stream", arguments: streams)
    func raw(stream: String) {
        let reading = Reading(stream)
        let joined = text(reading.events.flatMap(\.raw) + (reading.rest?.raw ?? []))
        // Blank lines after the last event belong to none.
        #expect(stream.utf8.starts(with: joined.utf8))
        #expect(
            stream.utf8.dropFirst(joined.utf8.count).allSatisfy { $0 == lineFeed || $0 == carriageReturn || $0 > 0xba })
    }

    @Test(
        "A stream that breaks off is told",
        arguments: [
            ("", false, nil), ("\n", false, nil), ("data: x\n\n", false, nil), ("data: x\n\n\n\r", false, nil),
            ("data: x\r\r", false, nil), ("data: x\n", true, "x"), ("data: x", true, "x"), ("dat", true, ""),
            ("data: x\n\ndata: [DONE]\n", true, "[DONE]"), ("data: x\r\n\r\ndata: y\r\n", true, "y"),
            ("data: x\r", true, "x"),
        ] as [(String, Bool, String?)])
    func unfinished(stream: String, isUnfinished: Bool, rest: String?) {
        let reading = Reading(stream)
        #expect(reading.isUnfinished == isUnfinished)
        #expect(reading.rest.map { text($0.data) } == rest)
    }

    @Test func `an event that ends in a bare CR comes with what follows`() throws {
        var reader = ServerSentEventReader()
        reader.feed(bytes("data: x\r\r"))
        #expect(try reader.next() == nil)
        reader.feed(bytes("\ndata"))
        #expect(try reader.next().map { text($0.raw) } == "data: x\r\r\n")
        #expect(try reader.next() == nil)
    }

    @Test func `an event with CR LF ends with its last byte`() throws {
        var reader = ServerSentEventReader()
        reader.feed(bytes("data: x\r\n\r\n"))
        #expect(try reader.next()?.data == bytes("x"))
    }

    @Test("Large events are refused wherever the stream is cut", arguments: [1, 7, 100, 1000])
    func tooLarge(chunk: Int) throws {
        let fits = bytes("data: " + String(repeating: "x", count: 92) + "\n\n")
        let tooMuch = bytes("data: " + String(repeating: "x", count: 93) + "\n\n")
        let stream = fits + tooMuch + fits
        let chunks = stride(from: 0, to: stream.count, by: chunk).map {
            Array(stream[$0..<min($0 + chunk, stream.count)])
        }
        let reading = Reading(chunks, maximumEventBytes: 100)
        #expect(reading.events.map(\.raw) == [fits])
        #expect(reading.error == .eventTooLarge(limit: 100))
        #expect(reading.error?.description == "An event of the stream is larger than 100 bytes.")
    }

    @Test func `after a large event the reader stays closed`() {
        var reader = ServerSentEventReader(maximumEventBytes: 4)
        reader.feed(bytes("data: x"))
        #expect(throws: ServerSentEventError.eventTooLarge(limit: 4)) { try reader.next() }
        reader.feed(bytes("\n\nid\n\n"))
        #expect(throws: ServerSentEventError.eventTooLarge(limit: 4)) { try reader.next() }
        let isUnfinished = reader.finish()
        #expect(isUnfinished)
        #expect(reader.takeUnfinishedEvent() == nil)
    }

    @Test func `a megabyte in small chunks is one event`() {
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        let stream = bytes("data: ") + body + bytes("\n\n")
        let chunks = stride(from: 0, to: stream.count, by: 1000).map {
            Array(stream[$0..<min($0 + 1000, stream.count)])
        }
        #expect(Reading(chunks).events.map(\.data) == [body])
    }

    @Test func `what was read is not kept`() throws {
        var reader = ServerSentEventReader()
        let chunk = bytes(": tail\n\ndata: head\n")
        var count = 0
        for _ in 0..<1000 {
            reader.feed(chunk)
            while try reader.next() != nil { count += 1 }
            #expect(reader.buffer.count < 2 * chunk.count)
        }
        #expect(count == 1000)
    }
}
