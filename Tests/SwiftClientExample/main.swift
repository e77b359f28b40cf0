import AIGateway

let ai = try AI.fromEnvironment()
let messages: AIValue = [["role": "user", "content": "What are the three laws of thermodynamics?"]]

// A whole answer.
let answer = try await ai.run("openai/o4-mini", ["messages": messages, "max_completion_tokens": 2048])
print(answer.outputText)

// The same through a gateway, as a type of one's own.
struct Completion: Decodable {
    let model: String
}
let options = AIRunOptions(gateway: AIGatewayOptions(id: "default", metadata: ["plan": "free"]))
let completion = try await ai.run("openai/o4-mini", ["messages": messages], options: options).decode(Completion.self)
print(completion.model)

// A streamed answer, written as it comes.
for try await event in try await ai.stream("openai/o3-mini", ["messages": messages]) {
    print(event.text, terminator: "")
}
print()

do {
    _ = try await ai.run("openai/no-such-model", ["messages": messages])
} catch .refused(let refusal) {
    print(refusal.status, refusal.code ?? 0)
} catch {
    print(error)
}
