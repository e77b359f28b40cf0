import Domain
import JSON
import NamedGateways
import Providers
import Routing
import Telemetry

/// One thing to try, in a vendor's own wire or one of ours, by the name of its provider.
struct NativeStep {
    /// The wire that all providers share.
    static let compat = "compat"
    private static let longestProvider = 72

    var step: GatewayStep
    /// Of a hosted model in its native form.
    var conversion: RunConversion?

    /// - Parameters:
    ///   - provider: As in `/{account}/{gateway}/{provider}/…`.
    ///   - path: Behind it, the query included.
    ///   - headers: What the caller sent, or the step says.
    init(
        provider: String, method: String, path text: String, headers received: [(String, String)], body: [UInt8],
        runs: RunReader, scanner: JSONScanner
    ) throws(GatewayError) {
        var path = try NativePath(text, runs.limits)
        var headers = ForwardedHeaders(received)
        switch provider {
        case Self.compat:
            guard let operation = Self.operation(path.path, version: "") else { throw Self.unknownPath(provider) }
            let body = try RequestBody(body, scanner: scanner, depth: runs.limits.jsonDepth)
            step = try CompatStep.read(body, operation, runs.limits)
            step.vendorKey = headers.takeVendorKey(NativeVendors.vendor("openai"))
        case NativeVendors.hosted:
            (step, conversion) = try Self.hosted(path.path, body, runs, scanner)
        default:
            let vendor = try Self.vendor(provider)
            let key = path.takeKeys(Self.keyParameter(vendor)).vendor
            var vendorKey = headers.takeVendorKey(vendor)
            // A key in a query would stand in the log; there is a header field for it.
            if let key, vendorKey == nil, let vendor {
                let secret = Secret(key)
                let (name, value) = vendor.keyHeader(secret)
                headers.add(name, value)
                vendorKey = secret
            }
            guard vendorKey != nil || vendor?.takesStoredKeys != false else {
                throw GatewayError(
                    .notOffered, "`\(provider)` can be called only with a key of your own in the request.")
            }
            step = GatewayStep(
                .native(provider: vendor?.id ?? provider, method: method, path: path.text), body: body,
                headers: headers.fields, vendorKey: vendorKey)
        }
    }

    /// Nil for one that an account has defined.
    private static func vendor(_ name: String) throws(GatewayError) -> NativeVendor? {
        if let vendor = NativeVendors.vendor(name) { return vendor }
        guard name.hasPrefix(NativeVendors.customPrefix), name.utf8.count <= longestProvider else {
            let shown = String(name.unicodeScalars.prefix(longestProvider))
            throw GatewayError(.providerNotConfigured, "There is no provider `\(shown)`.", param: "provider")
        }
        return nil
    }

    private static func keyParameter(_ vendor: NativeVendor?) -> String? {
        vendor?.author == "google" ? "key" : nil
    }

    /// `v1/…` is OpenAI's wire; `run/{model}` and `{model}` are the model's own.
    private static func hosted(
        _ path: String, _ body: [UInt8], _ runs: RunReader, _ scanner: JSONScanner
    ) throws(GatewayError) -> (GatewayStep, RunConversion?) {
        if let operation = operation(path, version: "v1/") {
            let body = try RequestBody(body, scanner: scanner, depth: runs.limits.jsonDepth)
            return (GatewayStep(.model(try body.model(runs.limits), operation), body: body.bytes), nil)
        }
        let name = path.hasPrefix("run/") ? String(path.dropFirst("run/".count)) : path
        let model = try ModelName.checked(PercentEncoding.decode(name) ?? name, runs.limits)
        guard ModelName.isHosted(model) else {
            throw GatewayError(.modelNotFound, "There is no hosted model of that name: theirs begin with `@`.")
        }
        let conversion = try runs.conversion(model, body, scanner)
        return (GatewayStep(.model(model, conversion.operation), body: conversion.body), conversion)
    }

    private static func operation(_ path: String, version: String) -> GatewayStep.Operation? {
        switch path {
        case "\(version)chat/completions": .chat
        case "\(version)embeddings": .embeddings
        case "\(version)responses": .responses
        default: nil
        }
    }

    private static func unknownPath(_ provider: String) -> GatewayError {
        GatewayError(
            .endpointNotFound, "`\(provider)` has `chat/completions`, `embeddings` and `responses`, nothing else.")
    }
}
