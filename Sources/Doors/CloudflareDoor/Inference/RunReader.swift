import Catalogue
import Domain
import HTTPServer
import JSON
import NamedGateways
import Pipeline

/// Makes a call of a run's model and input, wherever they stood in the request.
struct RunReader: Sendable {
    let catalogue: LiveCatalogue
    let converters: RunConverters
    let limits: InferenceLimits

    /// Where a run comes from, and which gateway it takes.
    struct Origin {
        let call: CloudflareCall
        let account: Account
        let principal: Principal?
        var gateway: GatewayID?
        var controls: GatewayControls
        var path: String
    }

    /// Of a model that is in no catalogue the input is passed on as it is: the model is looked for, and missed,
    /// before anybody looks at its input.
    func conversion(_ model: String, _ input: [UInt8], _ scanner: JSONScanner) throws(GatewayError) -> RunConversion {
        let known = catalogue.current.model(model)
        do throws(GatewayError) {
            return try converters.convert(model, known, input, scanner)
        } catch {
            let body = try RequestBody(input, scanner: scanner, depth: limits.jsonDepth)
            guard known == nil else { throw error }
            return RunConversion(
                operation: .chat, body: body.setting("model", to: model), whole: { answer, _, _ in answer })
        }
    }

    /// - Parameter input: An object that was read already, so that whatever is wrong with it is wrong for its model.
    func inference(
        _ model: String, _ input: [UInt8], _ origin: Origin, _ scanner: JSONScanner,
        _ shape: (RunConversion) -> AnswerShape = { .run($0) }
    ) -> Inference {
        let subject: CloudflareError.Subject = ModelName.isHosted(model) ? .hostedRun : .run
        do throws(GatewayError) {
            let conversion = try conversion(model, input, scanner)
            let step = GatewayStep(.model(model, conversion.operation), body: conversion.body)
            return Inference(
                request: request(origin, [step], .run), shape: shape(conversion), subject: subject)
        } catch {
            return Inference(request: request(origin, [], .run), subject: subject, fault: error)
        }
    }

    func request(_ origin: Origin, _ steps: [GatewayStep], _ kind: GatewayRequest.Kind) -> GatewayRequest {
        let call = origin.call
        return GatewayRequest(
            requestID: call.requestID, arrivedAt: call.request.arrivedAt, account: origin.account,
            principal: origin.principal, gateway: origin.gateway, controls: origin.controls, steps: steps,
            headers: call.request.headers, path: origin.path, kind: kind)
    }
}

/// Which gateway a call takes.
enum GatewayChoice {
    private static let longestID = 64

    /// Models of others always go through one. Those hosted here only when one is named.
    static func gateway(named name: String?, model: String) throws(GatewayError) -> GatewayID? {
        if let name { return try checked(name) }
        return ModelName.isHosted(model) ? nil : GatewaySettings.defaultID
    }

    static func checked(_ name: String) throws(GatewayError) -> GatewayID {
        guard (1...longestID).contains(name.utf8.count) else {
            throw GatewayError(
                .gatewayNotFound, "There is no such gateway: ids have 1 to \(longestID) characters.")
        }
        return GatewayID(name)
    }
}

/// What `options` beside an input may ask of any run.
enum RunOptions {
    static func rejectsIfBusy(_ options: JSONObject?) throws(GatewayError) -> Bool {
        try flag("rejectIfBusy", options)
    }

    static func flag(_ name: String, _ options: JSONObject?) throws(GatewayError) -> Bool {
        guard let value = options?[name], !value.isNull else { return false }
        guard let flag = value.boolValue else {
            throw GatewayError(
                .invalidType, "`options.\(name)` must be `true` or `false`.", param: "options.\(name)")
        }
        return flag
    }

    static func text(_ name: String, _ options: JSONObject?) throws(GatewayError) -> String? {
        guard let value = options?[name], !value.isNull else { return nil }
        guard let text = value.stringValue else {
            throw GatewayError(.invalidType, "`options.\(name)` must be a string.", param: "options.\(name)")
        }
        return text
    }

    static func object(_ body: RequestBody, _ scanner: JSONScanner) throws(GatewayError) -> JSONObject? {
        guard let field = body.field("options") else { return nil }
        guard field.kind == .object else { throw body.wrongType("options", "an object") }
        return body.value("options", scanner: scanner)?.objectValue
    }
}
