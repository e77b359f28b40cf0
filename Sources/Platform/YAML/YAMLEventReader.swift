internal import CYAML

/// Owns libyaml's parser and a copy of the text it reads. Text and events leave it as values.
@safe final class YAMLEventReader {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: [UInt8]) {
        unsafe input = .allocate(capacity: bytes.count)
        _ = unsafe input.initialize(fromContentsOf: bytes)
        unsafe parser = .allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        let started = unsafe yaml_parser_initialize(parser)
        precondition(started == 1, "no memory for a YAML parser")
        // Told, not guessed: a text that is not UTF-8 is an error.
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe input.deallocate()
    }

    /// The next event; the last is the end of the stream.
    func next() throws(YAMLError) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { unsafe yaml_event_delete(&event) }
        return unsafe YAMLEvent(
            kind: kind(of: event), mark: mark(of: event), place: place(event.start_mark))
    }

    private func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
        switch unsafe event.type {
        case YAML_STREAM_START_EVENT: .streamStart
        case YAML_DOCUMENT_START_EVENT: .documentStart
        case YAML_DOCUMENT_END_EVENT: .documentEnd
        case YAML_ALIAS_EVENT: .alias
        case YAML_SCALAR_EVENT: unsafe scalar(event)
        case YAML_SEQUENCE_START_EVENT: .sequenceStart
        case YAML_SEQUENCE_END_EVENT: .sequenceEnd
        case YAML_MAPPING_START_EVENT: .mappingStart
        case YAML_MAPPING_END_EVENT: .mappingEnd
        default: .streamEnd
        }
    }

    private func scalar(_ event: yaml_event_t) -> YAMLEvent.Kind {
        let scalar = unsafe event.data.scalar
        let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
        let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
        return unsafe .scalar(text: String(decoding: bytes, as: UTF8.self), style: isPlain ? .plain : .quoted)
    }

    private func mark(of event: yaml_event_t) -> YAMLEvent.Mark? {
        let (hasAnchor, hasTag): (Bool, Bool) =
            switch unsafe event.type {
            case YAML_SCALAR_EVENT: unsafe (event.data.scalar.anchor != nil, event.data.scalar.tag != nil)
            case YAML_SEQUENCE_START_EVENT:
                unsafe (event.data.sequence_start.anchor != nil, event.data.sequence_start.tag != nil)
            case YAML_MAPPING_START_EVENT:
                unsafe (event.data.mapping_start.anchor != nil, event.data.mapping_start.tag != nil)
            default: (false, false)
            }
        return hasAnchor ? .anchor : hasTag ? .tag : nil
    }

    private func place(_ mark: yaml_mark_t) -> YAMLPlace {
        YAMLPlace(line: mark.line + 1, column: mark.column + 1)
    }

    /// libyaml's messages are fixed texts and never quote the document.
    private func failure() -> YAMLError {
        let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "no memory left"
        if unsafe parser.pointee.error == YAML_READER_ERROR {
            let place = unsafe place(atByte: parser.pointee.problem_offset)
            return YAMLError(code: .invalidText, place: place, message: "not valid UTF-8 text: \(problem)")
        }
        let context = unsafe parser.pointee.context.map { unsafe String(cString: $0) + ": " } ?? ""
        return unsafe YAMLError(
            code: .syntax, place: place(parser.pointee.problem_mark), message: context + problem)
    }

    /// The reader reports a byte; everything before it was readable.
    private func place(atByte offset: Int) -> YAMLPlace {
        let before = unsafe String(decoding: input.prefix(offset), as: UTF8.self)
        let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
        return YAMLPlace(line: max(1, lines.count), column: (lines.last?.unicodeScalars.count ?? 0) + 1)
    }
}
