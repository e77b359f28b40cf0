import Domain
import JSON

/// Code to paste for one input of a model.
struct RunSnippets {
    let model: Model
    let input: JSONObject
    let baseURL: String

    /// As the model's page shows it. Models of vendors go through the account's gateway `default`.
    var typescript: String {
        let gateway = model.isHosted ? "" : ",\n  {\n    gateway: { id: 'default' },\n  }"
        return """
            const response = await env.AI.run(
              \(CodePrinter.quoted(model.id.rawValue)),
              \(CodePrinter.javaScript(.object(input), column: 2))\(gateway)
            )
            console.log(response)
            """
    }

    /// Works as it stands: a name that is no account's means the key's own.
    var curl: String {
        let isChat = model.modality == .text
        let path = "/client/v4/accounts/{account_id}/ai/" + (isChat ? "v1/chat/completions" : "run")
        let id = JSONValue.string(model.id.rawValue)
        let body: JSONValue =
            isChat
            ? .object(JSONObject(members: [.init(key: "model", value: id)] + input.members))
            : ["model": id, "input": .object(input)]
        let text = CodePrinter.json(body).split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: #"'\''"#)
        return """
            curl \(baseURL)\(path) \\
              -H "Authorization: Bearer $AIGATEWAY_API_KEY" \\
              -H "Content-Type: application/json" \\
              -d '\(text)'
            """
    }

    var shown: JSONValue {
        [
            ["label": "typescript", "language": "typescript", "code": .string(typescript)],
            ["label": "curl", "language": "bash", "code": .string(curl)],
        ]
    }
}
