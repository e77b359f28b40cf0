import JSON

extension SpanBatch {
    /// `ExportTraceServiceRequest` in OTLP's JSON: ids in hex, 64-bit integers as texts.
    func json() -> [UInt8] {
        var writer = JSONWriter(reserving: 1024)
        writer.beginObject()
        writer.key("resourceSpans")
        writer.beginArray()
        writer.beginObject()
        writer.key("resource")
        writer.beginObject()
        writer.attributes(resource)
        writer.endObject()
        writer.key("scopeSpans")
        writer.beginArray()
        writer.scope(self)
        writer.endArray()
        writer.endObject()
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}

extension JSONWriter {
    fileprivate mutating func scope(_ batch: SpanBatch) {
        beginObject()
        key("scope")
        beginObject()
        key("name")
        string(SpanBatch.scope)
        key("version")
        string(batch.version)
        endObject()
        key("spans")
        beginArray()
        for span in batch.spans { self.span(span) }
        endArray()
        endObject()
    }

    private mutating func span(_ span: GatewaySpan) {
        beginObject()
        key("traceId")
        string(span.traceID.hex)
        key("spanId")
        string(span.spanID.hex)
        if let parent = span.parentID {
            key("parentSpanId")
            string(parent.hex)
        }
        key("name")
        string(span.name)
        key("kind")
        int(SpanBatch.kind)
        key("startTimeUnixNano")
        string(String(span.startNanoseconds))
        key("endTimeUnixNano")
        string(String(span.endNanoseconds))
        attributes(span.attributes)
        status(span.status)
        endObject()
    }

    private mutating func status(_ status: SpanStatus) {
        guard let code = status.code else { return }
        key("status")
        beginObject()
        key("code")
        int(code.number)
        if !code.message.isEmpty {
            key("message")
            string(code.message)
        }
        endObject()
    }

    fileprivate mutating func attributes(_ attributes: [SpanAttribute]) {
        key("attributes")
        beginArray()
        for attribute in attributes {
            beginObject()
            key("key")
            string(attribute.key)
            key("value")
            beginObject()
            value(attribute.value)
            endObject()
            endObject()
        }
        endArray()
    }

    private mutating func value(_ value: SpanValue) {
        switch value {
        case .string(let text):
            key("stringValue")
            string(text)
        case .int(let number):
            key("intValue")
            string(String(number))
        case .double(let number):
            key("doubleValue")
            // What JSON has no number for, the mapping of protobuf to JSON has words for.
            if number.isFinite { double(number) } else { string(Self.word(number)) }
        case .bool(let truth):
            key("boolValue")
            bool(truth)
        }
    }

    private static func word(_ number: Double) -> String {
        number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
    }
}
