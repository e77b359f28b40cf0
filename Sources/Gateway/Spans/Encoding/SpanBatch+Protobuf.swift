extension SpanBatch {
    /// `ExportTraceServiceRequest`; the numbers are the fields of opentelemetry-proto 1.
    func protobuf() -> [UInt8] {
        var request = ProtobufWriter()
        request.message(1) { resourceSpans in
            resourceSpans.message(1) { $0.attributes(1, resource) }
            resourceSpans.message(2) { scopeSpans in
                scopeSpans.message(1) { scope in
                    scope.string(1, Self.scope)
                    scope.string(2, version)
                }
                for span in spans { scopeSpans.message(2) { $0.span(span) } }
            }
        }
        return request.bytes
    }
}

extension ProtobufWriter {
    fileprivate mutating func span(_ span: GatewaySpan) {
        blob(1, span.traceID.bytes)
        blob(2, span.spanID.bytes)
        blob(4, span.parentID?.bytes ?? [])
        string(5, span.name)
        varint(6, UInt64(SpanBatch.kind))
        fixed64(7, span.startNanoseconds)
        fixed64(8, span.endNanoseconds)
        attributes(9, span.attributes)
        if let code = span.status.code {
            message(15) { status in
                status.string(2, code.message)
                status.varint(3, UInt64(code.number))
            }
        }
    }

    fileprivate mutating func attributes(_ field: Int, _ attributes: [SpanAttribute]) {
        for attribute in attributes {
            message(field) { pair in
                pair.string(1, attribute.key)
                pair.message(2) { $0.value(attribute.value) }
            }
        }
    }

    /// One of several: whichever is set is written, also with its default value.
    private mutating func value(_ value: SpanValue) {
        switch value {
        case .string(let text): string(1, text, always: true)
        case .bool(let truth): bool(2, truth, always: true)
        case .int(let number): int64(3, number, always: true)
        case .double(let number): double(4, number, always: true)
        }
    }
}
