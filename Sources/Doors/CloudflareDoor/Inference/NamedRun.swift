import Domain
import HTTPServer
import JSON
import Providers

/// `{"model":…,"input":{…},"options":{…},"provider":…}`
struct NamedRun {
    let model: String
    let input: [UInt8]
    let rejectsIfBusy: Bool
    /// Of a run that nobody waits for.
    let order: BackgroundRuns.Order?

    init(
        _ call: CloudflareCall, _ limits: InferenceLimits, _ scanner: JSONScanner, _ background: BackgroundRuns?
    ) throws(GatewayError) {
        let body = try RequestBody(call.request.body, scanner: scanner, depth: limits.jsonDepth)
        model = try body.model(limits)
        input = try body.object("input")
        try Self.checkPin(try body.text("provider"), model)
        let options = try RunOptions.object(body, scanner)
        rejectsIfBusy = try RunOptions.rejectsIfBusy(options)
        order = try background.flatMap { background throws(GatewayError) in
            try Self.order(options, allowsPrivate: background.allowsPrivate)
        }
        let asked = try RequestBody(input, scanner: scanner, depth: limits.jsonDepth)
        guard order == nil || asked.field("stream")?.bool != true else {
            throw GatewayError(
                .invalidValue, "`stream` is not possible with `options.background`.", param: "input.stream")
        }
    }

    /// A model has one vendor here; a call for another one's must not end there.
    private static func checkPin(_ provider: String?, _ model: String) throws(GatewayError) {
        guard let provider, let slash = model.firstIndex(of: "/") else { return }
        let author = String(model[..<slash])
        let pinned = NativeVendors.vendor(provider)?.author ?? provider
        let isOwn = provider == NativeVendors.hosted && ModelName.isHosted(model)
        guard isOwn || pinned == author else {
            throw GatewayError(
                .invalidValue, "`provider` must be `\(author)` for `\(model)`, or left out.", param: "provider")
        }
    }

    private static func order(
        _ options: JSONObject?, allowsPrivate: Bool
    ) throws(GatewayError) -> BackgroundRuns.Order? {
        let isBackground = try RunOptions.flag("background", options)
        let url = try RunOptions.text("webhookUrl", options)
        let format = try RunOptions.text("webhookFormat", options)
        guard isBackground || url == nil else {
            throw GatewayError(
                .invalidValue, "`options.webhookUrl` is for runs with `options.background`.",
                param: "options.webhookUrl")
        }
        guard url != nil || format == nil else {
            throw GatewayError(
                .invalidValue, "`options.webhookFormat` is for runs with `options.webhookUrl`.",
                param: "options.webhookFormat")
        }
        guard isBackground else { return nil }
        var order = BackgroundRuns.Order()
        if let url { order.address = try WebhookAddress(url, allowsPrivate: allowsPrivate) }
        switch format {
        case nil, "raw"?: break
        case "chat"?: order.isForChat = true
        case .some:
            throw GatewayError(
                .invalidValue, "`options.webhookFormat` must be `raw` or `chat`.", param: "options.webhookFormat")
        }
        return order
    }
}
