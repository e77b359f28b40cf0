import Domain
import JSON

/// What the published schema of a run's input says, and OpenAI's own interface says otherwise.
enum RunInputRules {
    private static let limits: [StaticString] = ["max_tokens", "max_completion_tokens"]
    /// Names in errors are cut here: they are as long as their writer likes.
    private static let longestShown = 100

    /// The input as it can go on: limits of tokens may be any numbers here, and are whole ones there.
    ///
    /// - Parameter isHosted: Hosted models publish schemas of their own.
    static func applied(
        to input: [UInt8], isHosted: Bool, _ scanner: JSONScanner
    ) throws(GatewayError) -> [UInt8] {
        let body = try RequestBody(input, scanner: scanner, depth: JSONScanner.defaultMaximumDepth)
        if !isHosted { try checkStreamOptions(of: body, scanner) }
        var patch = JSONPatch()
        var isChanged = false
        for name in limits {
            guard let field = body.field(name), let whole = roundedDown(body.bytes[field.range]) else { continue }
            patch.replace(field.range, with: Array(String(whole).utf8))
            isChanged = true
        }
        guard isChanged, let patched = try? patch.applied(to: input) else { return input }
        return patched
    }

    /// Nil for what is whole already, is no number, or would be nothing.
    private static func roundedDown(_ text: ArraySlice<UInt8>) -> Int64? {
        guard let number = JSONNumber(spelling: String(decoding: text, as: UTF8.self)), number.int64 == nil,
            let value = number.double, value > 0
        else { return nil }
        return Int64(exactly: max(1, value.rounded(.down)))
    }

    private static func checkStreamOptions(of body: RequestBody, _ scanner: JSONScanner) throws(GatewayError) {
        guard let field = body.field("stream_options"), field.kind == .object,
            let index = try? scanner.scan(body.bytes, in: field.range),
            let other = index.fields.first(where: { !$0.isNamed("include_usage" as StaticString, in: body.bytes) })
        else { return }
        let name = String(other.key(in: body.bytes).unicodeScalars.prefix(longestShown))
        throw GatewayError(
            .invalidValue, "`stream_options` has `include_usage` and nothing else; it was sent with `\(name)`.",
            param: JSONPointer().member("stream_options").member(name).description)
    }
}
