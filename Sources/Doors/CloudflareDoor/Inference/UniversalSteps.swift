import Domain
import HTTPCore
import JSON
import NamedGateways
import Pipeline
import Telemetry

/// Reads `[{"provider":…,"endpoint":…,"headers":{…},"query":{…},"config":{…}}]`, or one step without the brackets.
struct UniversalSteps: Sendable {
    let runs: RunReader

    struct Read {
        var steps: [GatewayStep]
        var conversions: [RunConversion?]
    }

    func read(_ bytes: [UInt8], _ scanner: JSONScanner) throws(GatewayError) -> Read {
        let index = try RequestBody.scan(bytes, scanner: scanner, depth: runs.limits.jsonDepth)
        let places: [Range<Int>]
        switch index.kind {
        case .object: places = [index.range]
        case .array: places = index.elements.map(\.range)
        default: throw GatewayError(.invalidBody, "The body must be an array of steps, or one step.")
        }
        guard (1...runs.limits.steps).contains(places.count) else {
            throw GatewayError(.invalidValue, "A request must have 1 to \(runs.limits.steps) steps.")
        }
        var read = Read(steps: [], conversions: [])
        for (position, place) in places.enumerated() {
            let step = try step(Array(bytes[place]), at: "[\(position)]", scanner)
            read.steps.append(step.step)
            read.conversions.append(step.conversion)
        }
        return read
    }

    private func step(
        _ bytes: [UInt8], at place: String, _ scanner: JSONScanner
    ) throws(GatewayError) -> NativeStep {
        do throws(GatewayError) {
            let body = try RequestBody(bytes, scanner: scanner, depth: runs.limits.jsonDepth)
            guard let provider = try body.text("provider") else { throw Self.missing("provider") }
            guard let endpoint = try body.text("endpoint") else { throw Self.missing("endpoint") }
            let query = body.field("query").map { Array(bytes[$0.range]) } ?? []
            var headers = try headers(of: body, scanner)
            // The controls of a step may hold a key of this gateway too, which is for nobody.
            let fields = HeaderFields(headers)
            if !query.isEmpty, fields.first("content-type") == nil {
                headers.append(("Content-Type", "application/json"))
            }
            var step = try NativeStep(
                provider: provider, method: "POST", path: endpoint, headers: headers, body: query, runs: runs,
                scanner: scanner)
            step.step.controls = try config(of: body, scanner).over(GatewayControls(headers: fields))
            return step
        } catch {
            var error = error
            error.message = "\(place): \(error.message)"
            error.param = error.param.map { "\(place).\($0)" } ?? place
            throw error
        }
    }

    private func config(of body: RequestBody, _ scanner: JSONScanner) throws(GatewayError) -> GatewayControls {
        guard let field = body.field("config") else { return GatewayControls() }
        guard field.kind == .object, let object = body.value("config", scanner: scanner)?.objectValue else {
            throw body.wrongType("config", "an object")
        }
        return try GatewayControls(stepConfig: object, at: "config")
    }

    /// Numbers and truth values become texts, objects JSON. In the place of `headers` older clients send one
    /// `authorization`.
    private func headers(
        of body: RequestBody, _ scanner: JSONScanner
    ) throws(GatewayError) -> [(String, String)] {
        var headers: [(String, String)] = []
        if let key = try body.text("authorization") {
            guard HeaderSyntax.isValue(key) else { throw Self.unsendable("authorization") }
            headers.append(("Authorization", key))
        }
        guard let field = body.field("headers") else { return headers }
        guard field.kind == .object, let index = try? scanner.scan(body.bytes, in: field.range) else {
            throw body.wrongType("headers", "an object")
        }
        let limits = runs.limits
        guard index.fields.count <= limits.stepHeaders, field.range.count <= limits.stepHeaderBytes else {
            throw GatewayError(
                .invalidValue,
                "`headers` may hold \(limits.stepHeaders) fields in \(limits.stepHeaderBytes) bytes at most.",
                param: "headers")
        }
        for field in index.fields where !field.isNull {
            let name = field.key(in: body.bytes)
            let value = field.string(in: body.bytes) ?? String(decoding: body.bytes[field.range], as: UTF8.self)
            guard HeaderSyntax.isName(name), HeaderSyntax.isValue(value) else { throw Self.unsendable("headers") }
            headers.append((name, value))
        }
        return headers
    }

    private static func unsendable(_ member: String) -> GatewayError {
        GatewayError(
            .invalidValue, "`\(member)` has a name or value that no header field can have.", param: member)
    }

    private static func missing(_ name: String) -> GatewayError {
        GatewayError(.missingField, "`\(name)` is missing; it must be a string.", param: name)
    }
}

/// What header fields can be made of.
enum HeaderSyntax {
    private static let marks = Set("!#$%&'*+-.^_`|~".utf8)

    static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                (48...57).contains($0) || (97...122).contains($0 | 0x20) || marks.contains($0)
            }
    }

    static func isValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }
}
