import HTTPCore

/// What the header fields say about where a body ends.
enum BodyFraming {
    /// Two parties that read such a request differently see different requests in one connection, which is how
    /// requests are smuggled. So none is served, and the connection ends with the answer.
    static func isAmbiguous(_ headers: HeaderFields) -> Bool {
        let lengths = headers.count(of: "content-length")
        let encodings = headers.all("transfer-encoding")
        if encodings.isEmpty { return lengths > 1 }
        return lengths > 0 || encodings.count > 1 || encodings[0].lowercased() != "chunked"
    }
}
