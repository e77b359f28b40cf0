import JSON

/// What of a request is not text: how many pictures there are, how much room they take in the body, and whether
/// there is anything whose tokens nobody can tell beforehand.
struct NativePictures {
    private(set) var count = 0
    private(set) var bytes = 0
    private(set) var isBounded = true
    private let frame: NativeFrame

    typealias Place = NativeFrame.Place

    init(_ frame: NativeFrame, _ wire: NativeWire) {
        self.frame = frame
        switch wire {
        case .openAIEmbeddings: break
        case .openAIChat, .cohereChat, .workersAIRun: readChat()
        case .openAIResponses: readResponses()
        case .anthropicMessages: readMessages()
        case .geminiGenerate: readGemini()
        }
    }

    // MARK: Parts

    /// A picture in the body, or one the vendor fetches from an address.
    private mutating func add(picture place: Place?) {
        count += 1
        guard let place, frame[place].kind == .string else { return }
        let range = frame[place].range
        let isInBody = !frame.bytes.holds("\"http", at: range.lowerBound)
        if isInBody { bytes += range.count }
    }

    private mutating func refuseToBound() { isBounded = false }

    /// Each member of that name: a vendor may look at another than the first.
    private func members(_ name: StaticString, of place: Place) -> [Place] {
        guard frame[place].kind == .object else { return [] }
        return frame.outline.children(of: place).filter {
            frame.outline.field($0).isNamed(name, in: frame.bytes) && !frame[$0].isNull
        }
    }

    private func has(_ name: StaticString, _ place: Place) -> Bool { !members(name, of: place).isEmpty }

    private func elements(_ names: StaticString..., of place: Place) -> [Place] {
        names.reduce([place]) { places, name in
            places.flatMap { members(name, of: $0) }.flatMap { frame.elements(of: $0) }
        }
    }

    // MARK: OpenAI, Cohere

    private mutating func readChat() {
        for part in elements("messages", "content", of: frame.root) {
            for image in members("image_url", of: part) {
                let addresses = members("url", of: image)
                for address in addresses { add(picture: address) }
                if addresses.isEmpty { add(picture: image) }
            }
            if has("file", part) || has("document", part) || has("video_url", part) { refuseToBound() }
        }
        for tool in elements("tools", of: frame.root) where !isClientTool(tool, ["function", "custom"]) {
            refuseToBound()
        }
        for name: StaticString in ["web_search_options", "documents", "plugins"] where has(name, frame.root) {
            refuseToBound()
        }
    }

    /// Whether a tool is one the client runs itself. One without a type is a plain function.
    private func isClientTool(_ tool: Place, _ types: [StaticString]) -> Bool {
        members("type", of: tool).allSatisfy { type in types.contains { frame.isText($0, at: type) } }
    }

    private mutating func readResponses() {
        for item in elements("input", of: frame.root) {
            if members("type", of: item).contains(where: { frame.isText("item_reference", at: $0) }) {
                refuseToBound()
            }
            for part in elements("content", of: item) + elements("output", of: item) + members("output", of: item) {
                for image in members("image_url", of: part) { add(picture: image) }
                let isImage = members("type", of: part).contains { frame.isText("input_image", at: $0) }
                if isImage, has("file_id", part) {
                    add(picture: nil)
                } else if has("file_id", part) || has("file_data", part) || has("file_url", part) {
                    refuseToBound()
                }
            }
        }
        for tool in elements("tools", of: frame.root) where !isClientTool(tool, ["function", "custom"]) {
            refuseToBound()
        }
        for name: StaticString in ["previous_response_id", "conversation", "prompt"] where has(name, frame.root) {
            refuseToBound()
        }
    }

    // MARK: Anthropic

    private mutating func readMessages() {
        for block in elements("messages", "content", of: frame.root) {
            readBlock(block)
            for inner in elements("content", of: block) { readBlock(inner) }
        }
        for tool in elements("tools", of: frame.root) where !isClientTool(tool, ["custom"]) { refuseToBound() }
        for name: StaticString in ["mcp_servers", "container"] where has(name, frame.root) { refuseToBound() }
    }

    private mutating func readBlock(_ block: Place) {
        let isDocument = members("type", of: block).contains { !frame.isText("image", at: $0) }
        for source in members("source", of: block) {
            let isText = members("type", of: source).allSatisfy {
                frame.isText("text", at: $0) || frame.isText("content", at: $0)
            }
            if isDocument {
                if !isText { refuseToBound() }
            } else {
                let data = members("data", of: source) + members("url", of: source)
                for place in data { add(picture: place) }
                if data.isEmpty { add(picture: nil) }
            }
        }
    }

    // MARK: Gemini

    private mutating func readGemini() {
        for part in elements("contents", "parts", of: frame.root) {
            for name: StaticString in ["inlineData", "inline_data"] {
                for data in members(name, of: part) { readData(data) }
            }
            for name: StaticString in ["fileData", "file_data"] {
                for file in members(name, of: part) {
                    if isOf("image/", file) { add(picture: nil) } else { refuseToBound() }
                }
            }
        }
        for tool in elements("tools", of: frame.root) {
            let functions = members("functionDeclarations", of: tool) + members("function_declarations", of: tool)
            if functions.count < frame.outline.children(of: tool).count { refuseToBound() }
        }
        for name: StaticString in ["cachedContent", "cached_content"] where has(name, frame.root) { refuseToBound() }
    }

    /// Sound makes fewer tokens than it has bytes; pages and films may make more.
    private mutating func readData(_ data: Place) {
        if isOf("image/", data) {
            for place in members("data", of: data) { add(picture: place) }
        } else if !isOf("audio/", data), !isOf("text/", data) {
            refuseToBound()
        }
    }

    private func isOf(_ type: String, _ data: Place) -> Bool {
        let types = members("mimeType", of: data) + members("mime_type", of: data)
        return !types.isEmpty && types.allSatisfy { frame.string($0)?.hasPrefix(type) == true }
    }
}
