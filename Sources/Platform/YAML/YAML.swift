/// Reading YAML documents.
public enum YAML {
    /// Reads one document. Nil when there is nothing but comments.
    ///
    /// Accepts the plain core of the language: anchors, aliases, tags and further documents are refused.
    public static func parse(_ bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> YAMLNode? {
        guard bytes.count <= limits.maxBytes else {
            throw YAMLError(
                code: .tooLarge, place: YAMLPlace(line: 1, column: 1),
                message: "the document has \(bytes.count) bytes; \(limits.maxBytes) are allowed")
        }
        var composer = YAMLComposer(events: YAMLEventReader(bytes), limits: limits)
        return try composer.document()
    }
}
