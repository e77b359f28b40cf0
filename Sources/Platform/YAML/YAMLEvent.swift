/// One step through a document, as libyaml reports it.
struct YAMLEvent {
    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd
        case alias
        case scalar(text: String, style: YAMLNode.ScalarStyle)
        case sequenceStart, sequenceEnd, mappingStart, mappingEnd
    }

    /// What a node carries beside its value.
    enum Mark {
        case anchor, tag
    }

    let kind: Kind
    let mark: Mark?
    let place: YAMLPlace

    var opensLevel: Bool {
        switch kind {
        case .sequenceStart, .mappingStart: true
        default: false
        }
    }
}
