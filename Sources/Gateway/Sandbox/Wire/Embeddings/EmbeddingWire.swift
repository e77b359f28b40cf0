import JSON

/// Writes vectors as the vendor's embeddings do.
struct EmbeddingWire {
    let request: EmbeddingRequest
    var omitsUsage = false

    /// Bytes of one number as text, about.
    private static let bytesPerNumber = 14

    func body() -> [UInt8] {
        var writer = JSONWriter(reserving: request.inputs.count * request.dimensions * Self.bytesPerNumber)
        writer.beginObject()
        writer.key("object")
        writer.string("list")
        writer.key("data")
        writer.beginArray()
        for (index, input) in request.inputs.enumerated() {
            write(TextVector.of(input, dimensions: request.dimensions), index, to: &writer)
        }
        writer.endArray()
        writer.key("model")
        writer.string(request.model.name)
        if !omitsUsage {
            let tokens = request.tokenCount
            writer.key("usage")
            writer.value(["prompt_tokens": .int(tokens), "total_tokens": .int(tokens)])
        }
        writer.endObject()
        return writer.bytes
    }

    private func write(_ vector: [Float], _ index: Int, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("object")
        writer.string("embedding")
        writer.key("index")
        writer.int(index)
        writer.key("embedding")
        if request.isBase64 {
            let bytes = vector.flatMap { number in
                (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
            }
            writer.string(String(decoding: Base64.encode(bytes), as: UTF8.self))
        } else {
            writer.beginArray()
            // The shortest text that reads back as the same number of 32 bits.
            for number in vector { writer.raw(number.description.utf8) }
            writer.endArray()
        }
        writer.endObject()
    }
}
