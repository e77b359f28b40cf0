import JSON

/// Makes a request ask for its answer as a whole, because it must be looked at before any of it may go out.
enum WholeAnswer {
    static func wantsStream(_ body: [UInt8], scanner: JSONScanner) -> Bool {
        guard let index = try? scanner.scan(body), let field = index.first(named: "stream" as StaticString, in: body)
        else { return false }
        return field.bool == true
    }

    /// The same request without its wish for a stream.
    static func asked(of body: [UInt8], scanner: JSONScanner) -> [UInt8] {
        guard let index = try? scanner.scan(body), index.kind == .object else { return body }
        var patch = JSONPatch()
        patch.change(index) { field in
            field.isNamed("stream" as StaticString, in: body)
                || field.isNamed("stream_options" as StaticString, in: body)
        }
        return (try? patch.applied(to: body)) ?? body
    }
}
