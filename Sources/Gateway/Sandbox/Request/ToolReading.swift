import JSON

/// Reads the tools of a request and which of them may be called.
struct ToolReading {
    let model: SandboxModel

    static let maximumNameBytes = 64

    func read(_ fields: RequestFields, into request: inout ChatRequest) throws(VendorError) {
        request.tools = try tools(fields)
        let parallel = try fields.bool("parallel_tool_calls")
        if parallel != nil, request.tools.isEmpty { throw .onlyWith("parallel_tool_calls", "'tools' are specified") }
        request.allowsParallelToolCalls = parallel ?? true
        request.toolChoice = try choice(fields, among: request.tools)
    }

    private func tools(_ fields: RequestFields) throws(VendorError) -> [ChatTool] {
        guard let values = try fields.array("tools", of: "objects") else { return [] }
        guard model.supportsTools || values.isEmpty else { throw .unsupportedParameter("tools") }
        guard values.count <= ChatRequestReading.maximumTools else {
            throw .badRequest(
                "Invalid 'tools': array too long. Expected an array with maximum length "
                    + "\(ChatRequestReading.maximumTools), but got an array with length \(values.count) instead.",
                param: "tools", code: "array_above_max_length")
        }
        var tools: [ChatTool] = []
        for (index, value) in values.enumerated() {
            guard let object = value.objectValue else {
                throw .wrongType("tools[\(index)]", expected: "an object", got: value)
            }
            tools.append(try tool(RequestFields(object: object, path: "tools[\(index)].")))
        }
        return tools
    }

    private func tool(_ fields: RequestFields) throws(VendorError) -> ChatTool {
        let type = try fields.requiredString("type")
        guard type == "function" else {
            throw .unsupportedValue(type, fields.path + "type", supported: ["function"])
        }
        let function = try fields.requiredObject("function")
        let name = try function.requiredString("name")
        guard !name.isEmpty, name.utf8.count <= Self.maximumNameBytes, name.utf8.allSatisfy(isNameByte) else {
            throw .badRequest(
                "Invalid '\(function.path)name': string does not match pattern. Expected a string that matches the "
                    + "pattern '^[a-zA-Z0-9_-]+$'.", param: function.path + "name", code: "invalid_value")
        }
        let description = try function.string("description") ?? ""
        return ChatTool(
            name: name, description: description,
            parameters: try function.object("parameters").map { JSONValue.object($0.object) })
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private func choice(_ fields: RequestFields, among tools: [ChatTool]) throws(VendorError) -> ToolChoice {
        guard let value = fields.value("tool_choice") else { return .automatic }
        switch value {
        case .string("none"): return .never
        case .string(_) where tools.isEmpty, .object(_) where tools.isEmpty:
            throw .onlyWith("tool_choice", "'tools' are specified")
        case .string("auto"): return .automatic
        case .string("required"): return .required
        case .string(let other):
            throw .unsupportedValue(other, "tool_choice", supported: ["none", "auto", "required"])
        case .object(let object):
            let function = try RequestFields(object: object, path: "tool_choice.").requiredObject("function")
            let name = try function.requiredString("name")
            guard tools.contains(where: { $0.name == name }) else {
                throw .badRequest(
                    "Invalid value for 'tool_choice': function '\(VendorError.quote(name))' is not one of the 'tools'.",
                    param: "tool_choice", code: "invalid_value")
            }
            return .function(name)
        default: throw .wrongType("tool_choice", expected: "one of 'none', 'auto', 'required' or an object", got: value)
        }
    }
}
