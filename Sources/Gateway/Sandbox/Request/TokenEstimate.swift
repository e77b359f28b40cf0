import JSON

/// How many tokens the sandbox says a text has: one for every four bytes of UTF-8, rounded up.
///
/// No vendor's tokenizer counts like this. It is near enough for English, costs nothing, and is the same whether an
/// answer is streamed or not.
enum TokenEstimate {
    static let bytesPerToken = 4
    /// Each message has its role and its borders.
    static let perMessage = 4
    /// The answer is opened for the model.
    static let perRequest = 3
    static let perTool = 8
    /// An image at low detail, and the start of any other.
    static let imageBase = 85
    /// A square of 512 pixels at high detail.
    static let imageTile = 170
    /// For images only named by their address, whose size is not known.
    static let imageTilesUnknown = 4

    static func text(_ text: String) -> Int {
        count(bytes: text.utf8.count)
    }

    static func count(bytes: Int) -> Int {
        (bytes + bytesPerToken - 1) / bytesPerToken
    }

    static func call(_ call: ToolCall) -> Int {
        text(call.name) + text(call.arguments)
    }

    static func prompt(_ request: ChatRequest) -> Int {
        var total = perRequest
        for entry in request.messages { total += message(entry) }
        for entry in request.tools { total += tool(entry) }
        if case .jsonSchema(let schema) = request.format { total += count(bytes: schema.serialized().count) }
        return total
    }

    static func message(_ message: ChatMessage) -> Int {
        var total = perMessage + text(message.text)
        if let name = message.name { total += 1 + text(name) }
        for part in message.images { total += image(part) }
        for entry in message.toolCalls { total += call(entry) }
        return total
    }

    static func tool(_ tool: ChatTool) -> Int {
        let schema = tool.parameters.map { count(bytes: $0.serialized().count) } ?? 0
        return perTool + text(tool.name) + text(tool.description) + schema
    }

    /// An image is fitted into 2048 by 2048, its shorter side brought down to 768, then counted in squares of 512.
    static func image(_ part: ImagePart) -> Int {
        guard part.detail != .low else { return imageBase }
        guard case .data(let facts) = part.source else { return imageBase + imageTile * imageTilesUnknown }
        var width = Double(facts.width)
        var height = Double(facts.height)
        let fit = min(1, 2048 / max(width, height, 1))
        width *= fit
        height *= fit
        let shorten = min(1, 768 / max(min(width, height), 1))
        let tiles = (width * shorten / 512).rounded(.up) * (height * shorten / 512).rounded(.up)
        return imageBase + imageTile * max(1, Int(tiles))
    }
}
