import Domain
import HTTPServer
import JSON
import NamedGateways
import Pipeline

/// Reads what is sent with `queueRequest`: inputs to be run later, or the name of a batch that is asked for.
struct BatchReader: Sendable {
    let runs: RunReader
    let batches: BatchRuns
    let engine: any GatewayRunning

    /// What is answered, as JSON.
    func answer(
        _ body: RequestBody, model: String, _ origin: RunReader.Origin, on lane: Lane
    ) throws(GatewayError) -> JSONValue {
        guard body.bytes.count <= batches.limits.bodyBytes else {
            throw GatewayError(
                .payloadTooLarge, "A batch may have \(batches.limits.bodyBytes) bytes at most.")
        }
        let now = origin.call.request.arrivedAt
        if let id = try body.text("request_id") {
            return try standing(of: id, model: model, account: origin.account.id, at: now, lane.scanner)
        }
        let items = try items(of: body, model: model, origin, lane.scanner)
        let id = try batches.submit(items, model: model, account: origin.account.id, at: now, engine: engine, on: lane)
        return ["status": "queued", "request_id": .string(id), "model": .string(model)]
    }

    private func standing(
        of id: String, model: String, account: AccountID, at now: UInt64, _ scanner: JSONScanner
    ) throws(GatewayError) -> JSONValue {
        switch batches.standing(of: id, model: model, account: account, at: now) {
        case nil:
            throw GatewayError(
                .objectNotFound, "There is no such batch of this model, or its results are kept no longer.",
                param: "request_id")
        case .queued?: return ["status": "queued", "request_id": .string(id)]
        case .running?: return ["status": "running", "request_id": .string(id)]
        case .done(let answer)?: return (try? scanner.value(answer)) ?? .null
        }
    }

    private func items(
        of body: RequestBody, model: String, _ origin: RunReader.Origin, _ scanner: JSONScanner
    ) throws(GatewayError) -> [BatchRuns.Item] {
        guard let field = body.field("requests") else {
            throw GatewayError(
                .missingField, "`requests` is missing: an array of inputs. To ask for a batch send `request_id`.",
                param: "requests")
        }
        guard field.kind == .array, let index = try? scanner.scan(body.bytes, in: field.range) else {
            throw body.wrongType("requests", "an array of inputs")
        }
        guard (1...batches.limits.inputs).contains(index.elements.count) else {
            throw GatewayError(
                .invalidValue, "`requests` must hold 1 to \(batches.limits.inputs) inputs.", param: "requests")
        }
        var items: [BatchRuns.Item] = []
        for (position, element) in index.elements.enumerated() {
            items.append(try item(Array(body.bytes[element.range]), position, model: model, origin, scanner))
        }
        return items
    }

    private func item(
        _ bytes: [UInt8], _ position: Int, model: String, _ origin: RunReader.Origin, _ scanner: JSONScanner
    ) throws(GatewayError) -> BatchRuns.Item {
        let place = "requests[\(position)]"
        do throws(GatewayError) {
            let input = try RequestBody(bytes, scanner: scanner, depth: runs.limits.jsonDepth)
            if input.field("stream")?.bool == true {
                throw GatewayError(.invalidValue, "`stream` is not possible in a batch.")
            }
            var inference = runs.inference(
                model, input.removing("external_reference"), origin, scanner)
            if let fault = inference.fault { throw fault }
            // Each is a call of its own, with a record of its own.
            inference.request.requestID = RequestID("\(origin.call.requestID)-\(position)")
            return BatchRuns.Item(
                inference: inference, reference: input.value("external_reference", scanner: scanner))
        } catch {
            throw GatewayError(error.reason, "`\(place)`: \(error.message)", param: place)
        }
    }
}
