import Domain
import JSON
import Testing

@testable import Spans

/// Two spans with a value of each kind, the defaults among them.
enum SampleBatch {
    static let first = GatewaySpan(
        traceID: .sample, spanID: .sample, parentID: SpanID(hex: "FFFEfdfcfbfaf9f8"), name: "chat é",
        startNanoseconds: 1_795_220_785_123_456_789, endNanoseconds: 1_795_220_786_000_000_000,
        status: .error("timeout"),
        attributes: [
            SpanAttribute("text", .string("a\"\n日")), SpanAttribute("empty", .string("")),
            SpanAttribute("int", .int(.max)), SpanAttribute("negative", .int(-1)), SpanAttribute("zero", .int(0)),
            SpanAttribute("double", .double(0.0000792)), SpanAttribute("nothing", .double(0)),
            SpanAttribute("yes", .bool(true)), SpanAttribute("no", .bool(false)),
            SpanAttribute("long", .string(String(repeating: "x", count: 300))),
        ])
    static let batch = SpanBatch(service: "aigateway", version: "1.2.3", spans: [first, span("b")])

    /// The same, as the official Python classes of opentelemetry-proto 1.45 write it.
    static let golden = """
        0ab0050a390a1b0a0c736572766963652e6e616d65120b0a096169676174657761790a1a0a0f736572766963652e76657273
        696f6e12070a05312e322e3312f2040a120a096169676174657761791205312e322e3312a2040a100102030405060708090a
        0b0c0d0e0f10120811121314151617182208fffefdfcfbfaf9f82a076368617420c3a93002391577aee6cae7e918410074ed
        1acbe7e9184a100a047465787412080a0661220ae697a54a0b0a05656d70747912020a004a110a03696e74120a18ffffffff
        ffffffff7f4a170a086e65676174697665120b18ffffffffffffffffff014a0a0a047a65726f120218004a130a06646f7562
        6c6512092192efada305c3143f4a140a076e6f7468696e6712092100000000000000004a090a03796573120210014a080a02
        6e6f120210004ab8020a046c6f6e6712af020aac027878787878787878787878787878787878787878787878787878787878
        7878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878
        7878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878
        7878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878
        7878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878
        7878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878787878
        7878787878787878787878787878787878787878787a0b120774696d656f7574180212370a100102030405060708090a0b0c
        0d0e0f10120811121314151617182a016230023901000000000000004102000000000000007a021801
        """
}

@Suite("OTLP")
struct EncodingTests {
    @Test func `protobuf is what the official classes write, byte for byte`() {
        let hex = SpanBytes.hex(SampleBatch.batch.protobuf())
        #expect(hex == SampleBatch.golden.split(separator: "\n").joined())
    }

    @Test func `JSON has ids in hex and long integers as texts`() throws {
        var batch = SampleBatch.batch
        batch.spans[0].attributes.removeLast()
        #expect(
            String(decoding: batch.json(), as: UTF8.self)
                == #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"#
                + #""aigateway"}},{"key":"service.version","value":{"stringValue":"1.2.3"}}]},"scopeSpans":[{"#
                + #""scope":{"name":"aigateway","version":"1.2.3"},"spans":[{"traceId":"#
                + #""0102030405060708090a0b0c0d0e0f10","spanId":"1112131415161718","parentSpanId":"fffefdfcfbfaf9f8","#
                + #""name":"chat é","kind":2,"startTimeUnixNano":"1795220785123456789","endTimeUnixNano":"#
                + #""1795220786000000000","attributes":[{"key":"text","value":{"stringValue":"a\"\n日"}},{"key":"empty","#
                + #""value":{"stringValue":""}},{"key":"int","value":{"intValue":"9223372036854775807"}},{"key":"#
                + #""negative","value":{"intValue":"-1"}},{"key":"zero","value":{"intValue":"0"}},{"key":"double","#
                + #""value":{"doubleValue":7.92e-05}},{"key":"nothing","value":{"doubleValue":0}},{"key":"yes","#
                + #""value":{"boolValue":true}},{"key":"no","value":{"boolValue":false}}],"status":{"code":2,"#
                + #""message":"timeout"}},{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"1112131415161718","#
                + #""name":"b","kind":2,"startTimeUnixNano":"1","endTimeUnixNano":"2","attributes":[],"status":{"#
                + #""code":1}}]}]}]}"#)
    }

    @Test(arguments: [
        (Double.infinity, #""Infinity""#), (-Double.infinity, #""-Infinity""#), (.nan, #""NaN""#), (-0.5, "-0.5"),
    ])
    func `what is no finite number has a word in JSON`(number: Double, spelling: String) throws {
        var one = span("a")
        one.attributes = [SpanAttribute("n", .double(number))]
        let body = String(decoding: SpanBatch(service: "s", version: "1", spans: [one]).json(), as: UTF8.self)
        #expect(body.contains(#"{"key":"n","value":{"doubleValue":\#(spelling)}}"#))
    }

    @Test(
        arguments: [
            (0, "0800"), (1, "0801"), (127, "087f"), (128, "088001"), (300, "08ac02"),
            (UInt64.max, "08ffffffffffffffffff01"),
        ] as [(UInt64, String)])
    func `a varint has seven bits a byte`(value: UInt64, hex: String) {
        var writer = ProtobufWriter()
        writer.varint(1, value, always: true)
        #expect(SpanBytes.hex(writer.bytes) == hex)
    }

    @Test func `defaults are left out`() {
        var writer = ProtobufWriter()
        writer.varint(1, 0)
        writer.int64(2, 0)
        writer.bool(3, false)
        writer.fixed64(4, 0)
        writer.double(5, 0)
        writer.string(6, "")
        #expect(writer.bytes.isEmpty)
        writer.double(5, -0.0)
        #expect(SpanBytes.hex(writer.bytes) == "290000000000000080")
    }
}

@Suite("Ids of spans")
struct SpanIdentifierTests {
    @Test(arguments: [
        ("0102030405060708090A0b0c0d0e0f10", true), ("00000000000000000000000000000000", false),
        ("0102030405060708090a0b0c0d0e0f1", false), ("0102030405060708090a0b0c0d0e0f1g", false), ("", false),
        ("0102030405060708090a0b0c0d0e0f1011", false), ("é102030405060708090a0b0c0d0e0f1", false),
    ])
    func `a trace's id is 32 hex digits that are not all zero`(hex: String, isValid: Bool) {
        #expect(TraceID(hex: hex)?.hex == (isValid ? hex.lowercased() : nil))
    }

    @Test(arguments: [("00000000000000a0", true), ("0000000000000000", false), ("1", false)])
    func `a span's id is 16`(hex: String, isValid: Bool) {
        #expect(SpanID(hex: hex)?.hex == (isValid ? hex : nil))
    }

    @Test func `new ids differ and are never zero`() {
        #expect(TraceID() != TraceID())
        #expect(SpanID() != SpanID())
        struct Zeros: RandomNumberGenerator {
            func next() -> UInt64 { 0 }
        }
        var zeros = Zeros()
        #expect(SpanID(using: &zeros).hex == "0000000000000001")
        #expect(TraceID(using: &zeros).hex == "00000000000000000000000000000001")
    }
}

@Suite("Facts of a span")
struct InferenceFactsTests {
    @Test func `attributes have the names of the conventions, and reserved keys stay ours`() {
        let facts = InferenceFacts(
            requestModel: "openai/o4-mini", provider: "openai", inputTokens: 12, outputTokens: 34,
            cost: Nanodollars(79_200), promptJSON: "[]", completionJSON: "{}",
            metadata: [
                SpanAttribute("team", .string("blue")), SpanAttribute("gen_ai.request.model", .string("forged")),
                SpanAttribute("n", .int(5)), SpanAttribute("gen_ai", .bool(true)),
            ])
        #expect(
            facts.attributes == [
                SpanAttribute("gen_ai.request.model", .string("openai/o4-mini")),
                SpanAttribute("gen_ai.model.provider", .string("openai")),
                SpanAttribute("gen_ai.usage.input_tokens", .int(12)),
                SpanAttribute("gen_ai.usage.output_tokens", .int(34)),
                SpanAttribute("gen_ai.usage.cost", .double(0.0000792)),
                SpanAttribute("gen_ai.prompt_json", .string("[]")),
                SpanAttribute("gen_ai.completion_json", .string("{}")),
                SpanAttribute("team", .string("blue")), SpanAttribute("n", .int(5)),
                SpanAttribute("gen_ai", .bool(true)),
            ])
    }

    @Test func `what is not known is not told`() {
        #expect(InferenceFacts().attributes.isEmpty)
        #expect(InferenceFacts(cost: .zero).attributes == [SpanAttribute("gen_ai.usage.cost", .double(0))])
    }

    @Test func `long texts are cut between characters`() {
        let long = "a" + String(repeating: "日", count: InferenceFacts.maximumTextBytes)
        let attributes = InferenceFacts(promptJSON: long, completionJSON: "x").attributes
        guard case .string(let cut)? = attributes.first?.value else { return }
        #expect(long.hasPrefix(cut))
        #expect((InferenceFacts.maximumTextBytes - 2...InferenceFacts.maximumTextBytes).contains(cut.utf8.count))
    }
}
