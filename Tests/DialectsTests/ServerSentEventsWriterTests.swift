import Testing

@testable import Dialects

@Suite("Server-sent events, writing")
struct ServerSentEventsWriterTests {
    @Test(
        "What is written is read back",
        arguments: [
            ("", "data: \n\n", ""), ("{\"a\":1}", "data: {\"a\":1}\n\n", "{\"a\":1}"),
            ("a\nb", "data: a\ndata: b\n\n", "a\nb"), ("a\r\nb\rc", "data: a\ndata: b\ndata: c\n\n", "a\nb\nc"),
            ("\n", "data: \ndata: \n\n", "\n"), (" x", "data:  x\n\n", " x"),
            ("a\n\nb", "data: a\ndata: \ndata: b\n\n", "a\n\nb"),
        ])
    func events(data: String, stream: String, read: String) {
        let written = ServerSentEventWriter.event(data: bytes(data))
        #expect(text(written) == stream)
        #expect(Reading([written]).events.map { text($0.data) } == [read])
    }

    @Test func `an event may have a name`() {
        let written = ServerSentEventWriter.event(data: bytes("{}"), name: "ping")
        #expect(text(written) == "event: ping\ndata: {}\n\n")
        #expect(Reading([written]).events.map(\.event) == ["ping"])
    }

    @Test func `the end and a sign of life have their forms`() {
        #expect(text(ServerSentEventWriter.done) == "data: [DONE]\n\n")
        #expect(Reading([ServerSentEventWriter.done]).events.map(\.isDone) == [true])
        #expect(Reading("data: [DONE] \n\n").events.map(\.isDone) == [false])
        #expect(Reading([ServerSentEventWriter.comment("alive")]).events.map(\.isComment) == [true])
        #expect(text(ServerSentEventWriter.comment()) == ": \n\n")
    }
}
