import Testing

@testable import JSON

@Suite("JSON writer")
struct JSONWriterTests {
    @Test func `pieces are joined with commas where they belong`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("id")
        writer.string("x")
        writer.key("list" as String)
        writer.beginArray()
        writer.int(1)
        writer.double(2.5)
        writer.beginObject()
        writer.endObject()
        writer.beginArray()
        writer.endArray()
        writer.null()
        writer.endArray()
        writer.key("raw")
        writer.raw(Array(#"{"a" : 1}"#.utf8))
        writer.key("ok")
        writer.bool(true)
        writer.key("n")
        writer.double(.infinity)
        writer.key("v")
        writer.value(["k": [1, "s"]])
        writer.endObject()
        #expect(
            text(writer.bytes)
                == #"{"id":"x","list":[1,2.5,{},[],null],"raw":{"a" : 1},"ok":true,"n":null,"v":{"k":[1,"s"]}}"#)
    }

    @Test func `writing goes on behind bytes that are there`() {
        var writer = JSONWriter(appendingTo: Array("data: ".utf8))
        writer.beginArray()
        writer.endArray()
        #expect(text(writer.bytes) == "data: []")
    }

    @Test func `every ASCII character is escaped or plain as the grammar asks, at every place in a word`() throws {
        for code in UInt8(0)...0x7f {
            for before in 0..<17 {
                let value =
                    String(repeating: "é", count: before / 2) + String(repeating: "x", count: before % 2)
                    + String(UnicodeScalar(code)) + "tail of the text"
                let json = JSONValue.string(value).serialized()
                #expect(!json.contains { $0 < 0x20 })
                #expect(try JSONValue(parsing: json) == .string(value))
            }
        }
    }

    @Test func `control characters have their short escapes`() {
        #expect(
            text(JSONValue.string("\u{8}\t\n\u{c}\r\"\\/\u{1b}\u{7f}").serialized())
                == #""\b\t\n\f\r\"\\/\u001b"# + "\u{7f}\"")
    }
}
